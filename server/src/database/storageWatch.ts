import { isStorageFull } from './faults';

/** Whether the database's disk was full at the latest write: it still answers questions, so that nothing else shows it. */
export class StorageWatch {
  #isFull = false;

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Runs a write and notes whether there was room for it. */
  async watch<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write();
      this.#isFull = false;
      return result;
    } catch (error) {
      if (isStorageFull(error)) this.#isFull = true;
      throw error;
    }
  }
}
