import { pushServiceName } from '../../egress/pushServiceName';
import type { PushServiceLabels } from '../../observe/pushServiceLabels';
import type { GateState } from './pushServiceGate';
import type { PushServiceGates } from './pushServiceGates';

/** The gates of all hosts with one label, taken together. */
export interface ServiceState {
  /** The worst of any. */
  readonly state: GateState;
  readonly limit: number;
  readonly underWay: number;
  readonly waiting: number;
  /** When the last of those that are open lets something pass; 0 when none is. */
  readonly reopensAt: number;
}

/** An application that a push service throttles so much that nothing of it passes. */
export interface ThrottledState {
  readonly label: string;
  readonly applicationId: number;
  readonly state: GateState;
  readonly waiting: number;
  readonly reopensAt: number;
}

const severity: Readonly<Record<GateState, number>> = { closed: 0, 'half-open': 1, open: 2 };
const maxThrottled = 100;

/** @returns by label, of which there are few however many hosts there are */
export function serviceStates(gates: PushServiceGates, labels: PushServiceLabels): Map<string, ServiceState> {
  const states = new Map<string, ServiceState>();
  for (const [flowName, gate] of gates.entries()) {
    const label = labels.of(pushServiceName(flowName));
    const known = states.get(label);
    const reopensAt = gate.state === 'closed' ? 0 : gate.reopensAt;
    states.set(label, known ? together(known, { ...gate, reopensAt }) : { ...gate, reopensAt });
  }
  return states;
}

/** The hundred at most that are kept back longest. */
export function throttledStates(gates: PushServiceGates, labels: PushServiceLabels): ThrottledState[] {
  const states = new Map<string, ThrottledState>();
  for (const { flowName, applicationId, state, waiting, reopensAt } of gates.throttled()) {
    const label = labels.of(pushServiceName(flowName));
    const known = states.get(`${label} ${applicationId}`);
    states.set(`${label} ${applicationId}`, {
      ...{ label, applicationId, state: known ? worse(known.state, state) : state },
      waiting: waiting + (known?.waiting ?? 0),
      reopensAt: Math.max(reopensAt, known?.reopensAt ?? 0),
    });
  }
  return [...states.values()].sort((a, b) => b.reopensAt - a.reopensAt).slice(0, maxThrottled);
}

function together(one: ServiceState, other: ServiceState): ServiceState {
  return {
    state: worse(one.state, other.state),
    limit: one.limit + other.limit,
    underWay: one.underWay + other.underWay,
    waiting: one.waiting + other.waiting,
    reopensAt: Math.max(one.reopensAt, other.reopensAt),
  };
}

function worse(one: GateState, other: GateState): GateState {
  return severity[one] >= severity[other] ? one : other;
}
