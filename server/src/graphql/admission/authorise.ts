import type { ApiKeyScope } from '../../model/apiKey';
import { platformApplication } from '../../model/platformApplication';
import { Refusal } from '../../model/refusal';
import { listApplications } from '../../views/application/listApplications';
import type { NotificationView } from '../../views/notification/listNotifications';
import type { RequestContext } from '../context';
import type { Caller } from './caller';
import { isShutOut, stoppedRefusal } from './stopped';

/** Any key will do. @throws Refusal UNAUTHENTICATED, or FORBIDDEN for a web page of a foreign origin */
export async function requireCaller(context: RequestContext): Promise<Caller> {
  const caller = await context.identify();
  if (!caller) throw new Refusal('UNAUTHENTICATED', 'Give a valid key: "Authorization: Bearer <key>".');
  if (isShutOut(caller)) throw stoppedRefusal();
  if (isAllowedOrigin(caller, context.origin)) return caller;
  throw new Refusal('FORBIDDEN', 'This key may not be used by web pages of this origin.');
}

/** Only browsers tell an origin, so this keeps other sites' pages away, not programs: those have no visitors. */
function isAllowedOrigin({ kind, application }: Caller, origin: string | undefined): boolean {
  const { allowedOrigins } = application;
  if (kind !== 'PUBLISHABLE' || allowedOrigins === null || origin === undefined) return true;
  return allowedOrigins.includes(origin);
}

/** @throws Refusal UNAUTHENTICATED or FORBIDDEN */
export async function requireSecretKey(context: RequestContext): Promise<Caller> {
  const caller = await requireCaller(context);
  if (caller.kind === 'SECRET') return caller;
  throw new Refusal('FORBIDDEN', 'A publishable key can only subscribe and unsubscribe.');
}

/** A secret key with one of the scopes, or with `admin`. @throws Refusal UNAUTHENTICATED or FORBIDDEN */
export async function requireScope(context: RequestContext, ...scopes: ApiKeyScope[]): Promise<Caller> {
  const caller = await requireSecretKey(context);
  if (hasScope(caller, ...scopes)) return caller;
  throw new Refusal('FORBIDDEN', `This key lacks the scope ${scopes.join(' or ')}.`);
}

/** An admin of the application that makes the others. */
export function isPlatformAdmin(caller: Caller): boolean {
  return caller.application.name === platformApplication && hasScope(caller);
}

/** @throws Refusal UNAUTHENTICATED or FORBIDDEN */
export async function requirePlatformAdmin(context: RequestContext): Promise<Caller> {
  const caller = await requireScope(context, 'admin');
  if (isPlatformAdmin(caller)) return caller;
  throw new Refusal('FORBIDDEN', `This takes an admin key of the application "${platformApplication}".`);
}

/**
 * The application an admin wants to change: its own when it names none, any when it is a platform admin.
 * @throws Refusal NOT_FOUND, with `path` as the place of the id
 */
export async function administered(
  { parts }: RequestContext,
  caller: Caller,
  id: string | null | undefined,
  path: readonly string[] = ['input', 'applicationId'],
): Promise<number> {
  if (id === null || id === undefined) return caller.applicationId;
  const applicationId = parts.ids.decodeOne('application', id);
  if (applicationId === caller.applicationId) return applicationId;
  const found = isPlatformAdmin(caller) && (await listApplications(parts.database, applicationId ?? 0));
  if (applicationId !== undefined && found && found.length > 0) return applicationId;
  throw new Refusal('NOT_FOUND', 'There is no such application.', path);
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

/** Whether what push subscriptions tell about their users may be read wherever they appear, for example in deliveries. */
export async function showsUsers(context: RequestContext): Promise<boolean> {
  const caller = await context.identify();
  return caller !== undefined && hasScope(caller, 'subscriptions:read');
}

function hasScope(caller: Caller, ...scopes: ApiKeyScope[]): boolean {
  return caller.scopes.includes('admin') || scopes.some((scope) => caller.scopes.includes(scope));
}
