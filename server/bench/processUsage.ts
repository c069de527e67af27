import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux counts CPU time in ticks, nearly everywhere of 10 ms. */
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time, user and system, that a process has taken since its start, in microseconds. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // the second field, the program's name, may hold spaces; those we want are the 14th and 15th
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

/** Since this machine's start, of all its cores together, in ticks: proc(5). */
export interface MachineTicks {
  readonly all: number;
  /** In which something here wanted to run and the hypervisor ran another machine; 0 where it does not tell. */
  readonly stolen: number;
}

export function machineTicks(): MachineTicks {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these already
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
}

/** Resident memory in MB; 0 when the process has ended. */
export function residentMegabytes(pid: number): number {
  return statusKilobytes(pid, 'VmRSS') / 1024;
}

/** The most resident memory the process ever had, in MB. */
export function peakMegabytes(pid: number): number {
  return statusKilobytes(pid, 'VmHWM') / 1024;
}

function statusKilobytes(pid: number, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The process that listens on a TCP port of this machine; undefined when it is not to be seen. */
export function listeningProcess(port: number): number | undefined {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)),
  );
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => openFiles(pid).some((file) => sockets.has(file)));
}

function listeningSockets(table: string, port: number): string[] {
  const isListening = '0A';
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      (fields) => fields[3] === isListening && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port,
    )
    .map((fields) => `socket:[${fields[9]}]`);
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((file) => readlinkSync(`/proc/${pid}/fd/${file}`));
  } catch {
    return [];
  }
}
