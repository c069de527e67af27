import { readFileSync } from 'node:fs';

/** The settings that hold secrets. Each may stand in a file that `<name>_FILE` names, as containers are given secrets. */
const namesOfSecrets = [
  'FANFARE_SECRET',
  'FANFARE_SECRET_PREVIOUS',
  'FANFARE_ADMIN_KEY',
  'FANFARE_DATABASE_URL',
  'FANFARE_AMQP_URL',
] as const;

/**
 * Puts what the files hold, without the line breaks at their ends, in the place of their names.
 * @param given the settings that are set
 * @returns the settings, and one sentence for each file that cannot be used
 */
export function readSettingFiles(given: Readonly<Record<string, string | undefined>>): {
  settings: Record<string, string | undefined>;
  faults: Map<string, string>;
} {
  const settings = { ...given };
  const faults = new Map<string, string>();
  for (const name of namesOfSecrets) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) {
      faults.set(name, `${name}_FILE: ${name} is set, too; give one of them.`);
      continue;
    }
    const text = read(file);
    if (text) settings[name] = text;
    else faults.set(name, `${name}_FILE: ${file} ${text === undefined ? 'cannot be read' : 'is empty'}.`);
  }
  return { settings, faults };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
  } catch {
    return undefined;
  }
}
