import Libsql from 'libsql';

/** The part of a prepared statement that TypeORM's better-sqlite3 driver uses. */
interface PreparedStatement {
  readonly reader: boolean;
  run(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
  get(...values: unknown[]): unknown;
  pluck(on?: boolean): PreparedStatement;
}

/**
 * libsql as TypeORM's driver, with two of its traps covered. A single value that is an object (a Buffer, null) is
 * taken for a map of named parameters, and a statement used after the connection was closed ends the process;
 * here values are always positional, and a closed connection is an ordinary error.
 */
export class LibsqlDriver extends Libsql {
  override prepare(statement: string): never {
    this.#refuseClosed();
    const prepared = super.prepare(statement) as unknown as PreparedStatement;
    return this.#positional(prepared) as never;
  }

  #positional(prepared: PreparedStatement): PreparedStatement {
    const open =
      <Result>(use: (values: unknown[]) => Result) =>
      (...values: unknown[]): Result => {
        this.#refuseClosed();
        return use(values);
      };
    return {
      reader: prepared.reader,
      run: open((values) => prepared.run(values)),
      all: open((values) => prepared.all(values)),
      get: open((values) => prepared.get(values)),
      pluck: (on) => this.#positional(prepared.pluck(on)),
    };
  }

  #refuseClosed(): void {
    if (!this.open) throw Object.assign(new Error('The database is closed.'), { code: 'POOL_CLOSED' });
  }
}
