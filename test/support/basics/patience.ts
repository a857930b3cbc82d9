// Everything but the unit tests starts processes, browsers or long simulations: two minutes each before a test is hung.

jest.setTimeout(120_000);
