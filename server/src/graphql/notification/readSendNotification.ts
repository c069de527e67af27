import type { SendRequest } from '../../actions/notification/storeNotification';
import type { PublicIds } from '../../model/ids/publicIds';
import { maxTtlSeconds } from '../../model/maxTtl';
import { readAudience } from '../audience/readAudience';
import { checkInteger, checkName, given, refuse } from '../fields';
import { readContent } from './readContent';
import type { SendNotificationInput } from './sendNotificationInput';

const defaultTtlSeconds = 86_400;
const maxNameLength = 255;

/** What a mutation says, without what its key says. */
export type SendFields = Omit<SendRequest, 'applicationId' | 'apiKeyId'>;

/** @throws Refusal BAD_USER_INPUT with the path of the field at fault */
export function readSendNotification(input: SendNotificationInput, ids: PublicIds): SendFields {
  const path = ['input'];
  return {
    audience: readAudience(input.audience, [...path, 'audience'], ids),
    content: readContent(input.content, [...path, 'content']),
    ttlSeconds: checkInteger(input.ttl ?? defaultTtlSeconds, [...path, 'ttl'], 0, maxTtlSeconds),
    urgency: input.urgency ?? 'normal',
    topic: optionalName(input.topic, 'topic'),
    sendAt: given(input.sendAt),
    expiresAt: readExpiry(input),
    idempotencyKey: optionalName(input.idempotencyKey, 'idempotencyKey'),
  };
}

function optionalName(value: string | null | undefined, name: string): string | undefined {
  return value == null ? undefined : checkName(value, ['input', name], maxNameLength);
}

function readExpiry({ sendAt, expiresAt }: SendNotificationInput): number | undefined {
  if (expiresAt == null) return undefined;
  if (sendAt != null && expiresAt <= sendAt) refuse(['input', 'expiresAt'], 'Must be after sendAt.');
  return expiresAt;
}
