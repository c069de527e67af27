import { existsSync, readFileSync } from 'node:fs';
import { type Config, ConfigError, readConfig } from '../config';
import { databaseErrorCode } from '../database/faults';
import { type Database, openDatabase } from '../database/openDatabase';
import { platformApplication } from '../model/platformApplication';
import { openAmqpQueue } from '../queue/amqp/amqpQueue';
import { settingAtFault } from './settingAtFault';
import { settingNotes, unprovenUsersNote } from './settingNotes';

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
    ...(await databaseFindings(config)),
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

async function databaseFindings(config: Config): Promise<Finding[]> {
  try {
    const database = await openDatabase(config.database);
    try {
      await database.sql.rows('SELECT 1');
      const answers: Finding = { verdict: 'ok', text: `The database answers (${database.kind}).` };
      const notes = config.production ? await userProofFindings(database) : [];
      return [answers, ...notes];
    } finally {
      await database.close();
    }
  } catch (error) {
    const text = `The database does not answer (${databaseErrorCode(error) || 'unknown'}).`;
    return [{ verdict: 'fault', text: settingAtFault(error, config) ?? text }];
  }
}

async function userProofFindings(database: Database): Promise<Finding[]> {
  const unproven = await database.sql
    .rows('SELECT id FROM application WHERE name = ? AND requireUserProof = ?', [platformApplication, false])
    // a database that was never started on has no such table
    .catch(() => []);
  return unproven.length > 0 ? [{ verdict: 'note', text: unprovenUsersNote }] : [];
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
