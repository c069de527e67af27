import { FanfareError } from './fanfareError';
import { within } from './within';

/** A back end that does not answer for the user must not hold up other tabs. */
const TOKEN_WITHIN_MS = 30_000;

/** The page's way to its user's JWT; nothing, or an empty text, where nobody is signed in. */
export type GetUserToken = () => string | undefined | Promise<string | undefined>;

/**
 * The proof of the signed-in user, or undefined where there is nobody.
 * @throws FanfareError `USER_TOKEN_FAILED` when the page gets no answer, or none in time
 */
export async function askUserToken(getUserToken: GetUserToken | undefined): Promise<string | undefined> {
  const ask = async () => getUserToken?.();
  const tooLate = () => new Error(`It took more than ${TOKEN_WITHIN_MS} ms`);
  try {
    return (await within(TOKEN_WITHIN_MS, ask(), tooLate)) || undefined;
  } catch (cause) {
    throw new FanfareError('USER_TOKEN_FAILED', 'getUserToken gave no answer', { cause });
  }
}

/**
 * Tells one user from another by their tokens, which are new every time: a hash of the `sub`, for it outlives the
 * session in the browser's storage.
 * @returns undefined without a token, and for one that is no JWT
 */
export async function hashSubject(userToken = ''): Promise<string | undefined> {
  try {
    const payload = atob((userToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const { sub } = JSON.parse(payload) as { sub?: unknown };
    if (typeof sub !== 'string') return undefined;
    return String(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sub))));
  } catch {
    return undefined;
  }
}
