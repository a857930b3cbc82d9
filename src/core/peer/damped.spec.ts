import { Damped } from './damped';

describe('a state that comes and goes', () => {
  it('is told of once in a while with how often it came, and its end only where its beginning was', () => {
    const damped = new Damped(1000);
    expect([damped.began(0), damped.ended()]).toEqual([1, true]);
    for (let at = 1; at < 1000; at += 1) expect([damped.began(at), damped.ended()]).toEqual([null, false]);
    expect([damped.began(1000), damped.ended()]).toEqual([1000, true]);
  });
});
