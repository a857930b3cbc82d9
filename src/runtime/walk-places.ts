// Who may be told what it missed now. A walk through all that is known goes at the pace of its
// reader, and holds a place until the reader has taken all of it. So one client has a quarter of
// the places: others are told what they missed while its readers take their time.

const PLACES = 8;
const PLACES_OF_CLIENT = 2;

export class WalkPlaces {
  private readonly taken = new Map<string, number>();
  private takenCount = 0;

  /** False where there is none for this client. */
  take(client: string): boolean {
    const ofClient = this.taken.get(client) ?? 0;
    if (this.takenCount >= PLACES || ofClient >= PLACES_OF_CLIENT) return false;
    this.takenCount += 1;
    this.taken.set(client, ofClient + 1);
    return true;
  }

  give(client: string): void {
    const left = (this.taken.get(client) ?? 0) - 1;
    this.takenCount -= 1;
    if (left > 0) this.taken.set(client, left);
    else this.taken.delete(client);
  }
}
