// Loaded with --require: a machine whose system clock is set to SET_CLOCK_MS, milliseconds since
// 1970, as the process starts.
const { now } = Date;
const aheadMs = Number(process.env.SET_CLOCK_MS) - now();
Date.now = () => now() + aheadMs;
