// Everything but the unit tests starts processes, browsers or long simulations: four minutes each
// before a test is hung, which is longer than the waits within it, so that the wait that was in
// vain is what fails.

jest.setTimeout(240_000);
