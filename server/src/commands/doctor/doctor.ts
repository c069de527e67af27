import { type Config, ConfigError, readConfig } from '../../config';
import { vendorPushServices } from '../../egress/pushServiceName';
import { checkBroker } from './checkBroker';
import { checkDatabase } from './checkDatabase';
import { checkPushServices } from './checkPushServices';
import { checkSettings } from './checkSettings';
import { type Finding, fault, ok } from './finding';

/** `fanfare doctor`: tries what a start and a delivery need, and says what is wrong. Exits 1 on a fault. */
export async function doctor(): Promise<void> {
  const findings = await examine(process.env);
  for (const { verdict, text } of findings) process.stdout.write(`${verdict.padEnd(5)}  ${text}\n`);
  process.exitCode = findings.some((finding) => finding.verdict === 'fault') ? 1 : 0;
}

/**
 * @param env the process environment
 * @param vendorHosts push services to connect to, next to those of FANFARE_PUSH_HOSTS
 */
export async function examine(
  env: Record<string, string | undefined>,
  vendorHosts = vendorPushServices.map(({ host }) => host),
): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(fault);
  }
  const findings = await Promise.all([
    checkSettings(config, env),
    checkDatabase(config),
    checkBroker(config),
    checkPushServices(config, vendorHosts),
  ]);
  return [ok('The configuration is valid.'), ...findings.flat()];
}
