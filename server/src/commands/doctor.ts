import { existsSync, readFileSync } from 'node:fs';
import { type Config, ConfigError, readConfig } from '../config';
import { databaseErrorCode } from '../database/faults';
import { openDatabase } from '../database/openDatabase';
import { openAmqpQueue } from '../queue/amqp/amqpQueue';
import { settingNotes } from './settingNotes';

interface Finding {
  readonly verdict: 'ok' | 'note' | 'fault';
  readonly text: string;
}

const brokerPatienceMs = 5_000;

/** `fanfare doctor`: looks at everything an installation needs and says what is wrong. Exits 1 on a fault. */
export async function doctor(): Promise<void> {
  const findings = await examine();
  for (const { verdict, text } of findings) process.stdout.write(`${verdict.padEnd(5)}  ${text}\n`);
  process.exitCode = findings.some((finding) => finding.verdict === 'fault') ? 1 : 0;
}

async function examine(): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((text) => ({ verdict: 'fault', text }));
  }
  return [
    { verdict: 'ok', text: 'The configuration is valid.' },
    ...settingsFindings(config),
    await databaseFinding(config),
    await brokerFinding(config),
  ];
}

function settingsFindings(config: Config): Finding[] {
  const findings: Finding[] = settingNotes(config).map((text) => ({ verdict: 'note', text }));
  if (config.pushCaFile !== undefined) findings.push(caFinding(config.pushCaFile));
  return findings;
}

function caFinding(file: string): Finding {
  const good = existsSync(file) && readFileSync(file, 'utf8').includes('BEGIN CERTIFICATE');
  return good
    ? { verdict: 'ok', text: 'FANFARE_PUSH_CA_FILE holds certificates.' }
    : { verdict: 'fault', text: 'FANFARE_PUSH_CA_FILE is missing or holds no PEM certificate.' };
}

async function databaseFinding(config: Config): Promise<Finding> {
  try {
    const database = await openDatabase(config.database);
    await database.sql.rows('SELECT 1');
    await database.close();
    return { verdict: 'ok', text: `The database answers (${database.kind}).` };
  } catch (error) {
    return {
      verdict: 'fault',
      text: `The database does not answer (${databaseErrorCode(error) || 'unknown'}).`,
    };
  }
}

async function brokerFinding(config: Config): Promise<Finding> {
  if (config.amqpUrl === undefined) return { verdict: 'ok', text: 'The queue is embedded.' };
  const queue = await openAmqpQueue({ url: config.amqpUrl, prefix: config.queuePrefix });
  const giveUpAt = Date.now() + brokerPatienceMs;
  while (!queue.connected && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 100));
  const answers = queue.connected;
  await queue.close();
  return answers
    ? { verdict: 'ok', text: 'RabbitMQ answers.' }
    : { verdict: 'fault', text: 'RabbitMQ does not answer at FANFARE_AMQP_URL.' };
}
