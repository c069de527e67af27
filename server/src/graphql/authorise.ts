import type { ApiKeyScope } from '../model/apiKey';
import { Refusal } from '../model/refusal';
import type { NotificationView } from '../status/listNotifications';
import type { Caller } from './caller';
import type { RequestContext } from './context';

/** Any key will do. @throws Refusal UNAUTHENTICATED */
export async function requireCaller(context: RequestContext): Promise<Caller> {
  const caller = await context.identify();
  if (caller) return caller;
  throw new Refusal('UNAUTHENTICATED', 'Give a valid key: "Authorization: Bearer <key>".');
}

/** A secret key with one of the scopes, or with `admin`. @throws Refusal UNAUTHENTICATED or FORBIDDEN */
export async function requireScope(context: RequestContext, ...scopes: ApiKeyScope[]): Promise<Caller> {
  const caller = await requireCaller(context);
  if (caller.kind === 'PUBLISHABLE') {
    throw new Refusal('FORBIDDEN', 'A publishable key can only subscribe and unsubscribe.');
  }
  if (hasScope(caller, ...scopes)) return caller;
  throw new Refusal('FORBIDDEN', `This key lacks the scope ${scopes.join(' or ')}.`);
}

/** A publishable key, or a secret one with the scope. @throws Refusal UNAUTHENTICATED or FORBIDDEN */
export async function requirePublishableOr(context: RequestContext, scope: ApiKeyScope): Promise<Caller> {
  const caller = await requireCaller(context);
  return caller.kind === 'PUBLISHABLE' ? caller : requireScope(context, scope);
}

/** A key without `admin` sees only the notifications that it sent. */
export function notificationView(caller: Caller): NotificationView {
  const { applicationId, apiKeyId } = caller;
  return hasScope(caller) ? { applicationId } : { applicationId, apiKeyId };
}

function hasScope(caller: Caller, ...scopes: ApiKeyScope[]): boolean {
  return caller.scopes.includes('admin') || scopes.some((scope) => caller.scopes.includes(scope));
}
