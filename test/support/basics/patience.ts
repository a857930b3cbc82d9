// Four minutes each before a test is hung. Most tests start processes, browsers or simulations:
// this is longer than the waits within them, so that the wait that was in vain is what fails. Unit
// tests take milliseconds, but they get only what the others leave of the processors: five seconds,
// which is what jest gives, would judge the machine.

jest.setTimeout(240_000);
