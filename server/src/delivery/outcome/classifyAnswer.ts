import type { Outcome } from '../../model/outcome';
import type { PushAnswer, PushAnswerHeaders, PushFailureName, PushResponse } from '../../model/pushAnswer';
import type { PushServiceName } from '../../model/pushService';
import { retryAfterMs } from '../../webPush/retryAfter';
import { type AnswerRule, answerRules } from './answerRules';

export interface ClassifyInput {
  readonly pushService: PushServiceName;
  readonly answer: PushAnswer;
  /** Milliseconds since the push subscription was registered with us. */
  readonly subscriptionAgeMs: number;
  /** The answered request already carried a token signed for it: another will not help. */
  readonly freshTokenTried?: boolean;
  /** The answered request already carried no Topic. */
  readonly topicLeftOut?: boolean;
  /** Milliseconds since 1970, which a date in Retry-After is compared with. */
  readonly nowMs: number;
}

/**
 * The one place that says what an answer of a push service means (`answerRules`). Pure, never throws; the
 * same answer means the same for the first try and the sixteenth.
 */
export function classifyAnswer(input: ClassifyInput): Outcome {
  const { answer } = input;
  return answer.kind === 'failure' ? failureOutcome(answer.failure) : responseOutcome(answer, input);
}

/** Nothing but an answer ends a push subscription: a failure is tried again, or was our own refusal. */
function failureOutcome(failure: PushFailureName): Outcome {
  const blocked = failure === 'blocked-address';
  return {
    kind: blocked ? 'rejected' : 'transient',
    reason: failure,
    retry: blocked ? 'no' : 'backoff',
    retires: false,
    holdsKey: false,
  };
}

function responseOutcome(answer: PushResponse, input: ClassifyInput): Outcome {
  const rule = answerRules.find((candidate) => matches(candidate, answer, input)) ?? lastRule;
  const wait = retryAfterMs(answer.headers, input.nowMs) ?? rule.retryAfterMs;
  const retry = retryOf(rule, input);
  return {
    kind: rule.kind,
    reason: rule.reason,
    retry,
    retires: rule.retires ?? false,
    holdsKey: rule.holdsKey ?? false,
    httpStatus: answer.status,
    ...(retry === 'backoff' && wait !== undefined ? { retryAfterMs: wait } : undefined),
  };
}

const lastRule: AnswerRule = { status: [], kind: 'rejected', reason: 'unexpected-status' };

function matches(rule: AnswerRule, answer: PushResponse, input: ClassifyInput): boolean {
  if (rule.pushService !== undefined && rule.pushService !== input.pushService) return false;
  if (!rule.status.some(([from, to]) => from <= answer.status && answer.status <= to)) return false;
  if (
    rule.subscriptionYoungerThanMs !== undefined &&
    input.subscriptionAgeMs >= rule.subscriptionYoungerThanMs
  )
    return false;
  if (rule.text !== undefined && !rule.text.test(textOf(answer))) return false;
  return rule.wnsStatus === undefined || rule.wnsStatus.test(wnsStatusOf(answer.headers));
}

function textOf(answer: PushResponse): string {
  return `${answer.body}\n${answer.headers['x-wns-error-description'] ?? ''}`;
}

function wnsStatusOf(headers: PushAnswerHeaders): string {
  return `${headers['x-wns-status'] ?? ''} ${headers['x-wns-notificationstatus'] ?? ''}`;
}

function retryOf(rule: AnswerRule, input: ClassifyInput): Outcome['retry'] {
  if (rule.retry === 'freshToken' && input.freshTokenTried) return 'no';
  if (rule.retry === 'withoutTopic' && input.topicLeftOut) return 'no';
  return rule.retry ?? 'no';
}
