// The choices of a chaos test. The seed is printed; CHAOS_SEED repeats the choices, though not the
// timing of processes.
import { Prng } from '../../simulation/world/prng';

export function seededPrng(): Prng {
  const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`CHAOS_SEED=${seed}\n`);
  return new Prng(seed);
}
