// Who may be told what it missed now. A walk through all that is known goes at the pace of its
// reader, and holds a place until the reader has taken all of it. So one client has a quarter of
// the places: others are told what they missed while its readers take their time.

const PLACES = 8;
const PLACES_OF_CLIENT = 2;

export class WalkPlaces {
  private readonly taken = new Map<string, number>();
  private takenCount = 0;

  isFreeFor(client: string): boolean {
    return this.takenCount < PLACES && (this.taken.get(client) ?? 0) < PLACES_OF_CLIENT;
  }

  take(client: string): void {
    this.takenCount += 1;
    this.taken.set(client, (this.taken.get(client) ?? 0) + 1);
  }

  give(client: string): void {
    const left = (this.taken.get(client) ?? 0) - 1;
    this.takenCount -= 1;
    if (left > 0) this.taken.set(client, left);
    else this.taken.delete(client);
  }
}
