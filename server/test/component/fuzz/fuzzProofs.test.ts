/** Tokens of the X-Fanfare-User header: whoever is named by one was named by a key of the application, and in form. */
import fc from 'fast-check';
import { type ApiServer, browserSubscription, codeOf } from '../../support/api/apiServer';
import { seedApplication } from '../../support/api/seedApplication';
import { startSqliteApi } from '../../support/api/sqliteApi';
import {
  proofPem,
  proofSecret,
  type TokenAlgorithm,
  tokenLikeText,
  userToken,
} from '../../support/api/userTokenArbitrary';
import { fuzzRuns as numRuns, unlimited } from '../../support/fuzzRuns';
import { watchLog } from '../../support/process/watchedLog';

const document =
  'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { userId } } }';
describe('X-Fanfare-User', () => {
  const { log, failures } = watchLog();
  let api: ApiServer;
  let key: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const site = await startSqliteApi({ rules: { rateLimits: unlimited }, log });
    ({ api, close } = site);
    const userProofSecret = api.userProofBox.seal(proofSecret);
    const proof = { requireUserProof: true, userProofSecret, userProofPublicKey: proofPem };
    key = (await seedApplication(site.database, proof)).publishable;
  });

  afterAll(() => close());

  afterEach(() => expect(failures.splice(0)).toEqual([]));

  const subscription = browserSubscription();

  /** @returns the user that was believed, undefined when the token was refused */
  async function believed(token: string): Promise<string | null | undefined> {
    const answer = await api.call<{ subscribe: { subscription: { userId: string | null } } }>(
      ...([key, document, { input: { subscription } }, { 'x-fanfare-user': token }] as const),
    );
    if (answer.data?.subscribe) return answer.data.subscribe.subscription.userId;
    expect([token, answer.status, codeOf(answer)]).toEqual([token, 200, 'UNAUTHENTICATED']);
    return undefined;
  }

  test.each<TokenAlgorithm>(['HS256', 'ES256'])(
    '%s: a token names its subject, or nobody',
    async (algorithm) => {
      let accepted = 0;
      const property = fc.asyncProperty(userToken(algorithm), async (token) => {
        const user = await believed(token.text);
        const right = token.signedBy ? subjectOf(token, token.signedBy) : undefined;
        // what is not base64url may be refused, but says nothing else
        if (token.isPlain || user !== undefined) expect([token, user]).toEqual([token, right]);
        if (user !== undefined) accepted += 1;
      });
      await fc.assert(property, { numRuns });
      expect(accepted).toBeGreaterThan(numRuns / 20);
    },
  );

  test('what is no token names nobody', async () => {
    const property = fc.asyncProperty(tokenLikeText, async (text) => {
      expect([text, await believed(text)]).toEqual([text, undefined]);
    });
    await fc.assert(property, { numRuns });
  });
});

/** The user that a token with the right signature names, by RFC 7515, RFC 7519 and docs/integrator.md. */
function subjectOf(
  { header, claims }: { header: string; claims: string },
  algorithm: TokenAlgorithm,
): string | undefined {
  const [head, body] = [objectOf(header), objectOf(claims)];
  if (head?.alg !== algorithm || !body || (head.crit !== undefined && !isUnderstood(head))) return undefined;
  const now = Date.now() / 1_000;
  const { sub, exp, nbf, iat, aud, tags } = body;
  const isInTime = typeof exp === 'number' && exp > now - 30 && exp <= now + 31 * 24 * 3_600 + 30;
  const hasBegun = nbf === undefined || (typeof nbf === 'number' && nbf <= now + 30);
  const wasIssued = iat === undefined || typeof iat === 'number';
  const isForUs = aud === undefined || [aud].flat().includes('fanfare');
  const hasTags = tags === undefined || (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'));
  const isFit = isInTime && hasBegun && wasIssued && isForUs && hasTags;
  return isFit && typeof sub === 'string' && isUserId(sub) ? sub : undefined;
}

/** The one extension there is in RFC 7515 and 7797, at the value that changes nothing. */
function isUnderstood({ crit, b64 }: Record<string, unknown>): boolean {
  return Array.isArray(crit) && crit.length > 0 && crit.every((name) => name === 'b64') && b64 === true;
}

function isUserId(text: string): boolean {
  const isPlain = [...text].every((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) && !(code >= 0xd800 && code <= 0xdfff);
  });
  return text.length >= 1 && text.length <= 255 && isPlain && !/^\s|\s$/.test(text);
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text).toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
