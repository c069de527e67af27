/** Another version of Fanfare has changed the schema in ways that this one does not know. */
export class NewerSchema extends Error {
  /** @param unknown names of the migrations that this version lacks */
  constructor(readonly unknown: readonly string[]) {
    super(`The database was migrated by a newer version of Fanfare: ${unknown.join(', ')}.`);
    this.name = 'NewerSchema';
  }
}
