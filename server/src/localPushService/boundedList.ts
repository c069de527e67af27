/** A list that keeps only its newest `limit` entries, at a constant cost per entry. */
export class BoundedList<T> {
  private entries: T[] = [];

  constructor(private readonly limit: number) {}

  add(entry: T): void {
    if (this.limit === 0) return;
    this.entries.push(entry);
    // cut only when twice as long, so that a long list is not moved for every entry
    if (this.entries.length >= 2 * this.limit) this.entries = this.entries.slice(-this.limit);
  }

  /** The newest entries, oldest first. */
  list(): T[] {
    return this.entries.slice(-this.limit);
  }

  clear(): void {
    this.entries = [];
  }
}
