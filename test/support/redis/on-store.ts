// Before each file of the project e2e-store: its nodes keep their values in the servers of the run.
const { REPRAM_TEST_STORE: url } = process.env;
if (url === undefined) throw new Error('no server was started for these tests');
process.env.REPRAM_STORE_URL = url;
