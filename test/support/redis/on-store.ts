// Before each file of the project e2e-store: its nodes keep their values in the servers of this run.
process.env.REPRAM_STORE_URL = process.env.REPRAM_TEST_STORE;
