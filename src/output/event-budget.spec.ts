import { EventBudget, LINES_PER_MINUTE, type Withheld } from './event-budget';

describe('the budget of an event', () => {
  let told: Withheld[];
  let budget: EventBudget;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    const onWithheld = (withheld: readonly Withheld[]): void => void told.push(...withheld);
    budget = new EventBudget({ onWithheld, nowMs: () => Date.now() });
  });

  afterEach(() => jest.useRealTimers());

  function admitted(event: string, times: number): number {
    return Array.from({ length: times }, () => budget.admits(event)).filter(Boolean).length;
  }

  it('admits so many lines a minute of each event, and tells once how many it withheld', () => {
    expect(admitted('peer-lagging', 12_000)).toBe(LINES_PER_MINUTE);
    expect(admitted('member-dead', 1)).toBe(1);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([{ event: 'peer-lagging', lines: 12_000 - LINES_PER_MINUTE }]);
    jest.advanceTimersByTime(600_000);
    expect(told).toHaveLength(1);
  });

  it('admits as many again a minute later', () => {
    admitted('peer-lagging', 12_000);
    jest.advanceTimersByTime(60_000);
    expect(admitted('peer-lagging', 12_000)).toBe(LINES_PER_MINUTE);
  });

  it('lets kinds without number share one budget', () => {
    for (let kind = 0; kind < 256; kind += 1) expect(budget.admits(`kind ${kind}`)).toBe(true);
    const late = Array.from({ length: 1000 }, (_, kind) => budget.admits(`late ${kind}`));
    expect(late.filter(Boolean)).toHaveLength(LINES_PER_MINUTE);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([{ event: 'others', lines: 1000 - LINES_PER_MINUTE }]);
  });
});
