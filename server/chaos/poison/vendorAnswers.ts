/** How a push service answers an endpoint that is not a Web Push subscription under our key. */
interface VendorAnswer {
  readonly status: number;
  readonly body: string;
}

const mozillaMismatch = {
  code: 401,
  errno: 109,
  error: 'Unauthorized',
  message: 'VAPID public key mismatch',
};
const fcmMissingToken = {
  error: {
    code: 401,
    message: 'Request is missing required authentication credential. Expected OAuth 2 access token.',
    status: 'UNAUTHENTICATED',
  },
};

const answers = {
  'mozilla-mismatch': { status: 401, body: JSON.stringify(mozillaMismatch) },
  'fcm-unauthenticated': { status: 401, body: JSON.stringify(fcmMissingToken) },
  'apns-forbidden': { status: 403, body: JSON.stringify({ reason: 'MissingProviderToken' }) },
  'bad-request': { status: 400, body: '' },
  'method-not-allowed': { status: 405, body: '' },
  'server-error': { status: 503, body: '' },
  /** Never answers. */
  silent: undefined,
} satisfies Record<string, VendorAnswer | undefined>;

export type AnswerName = keyof typeof answers;

const pathStart = '/answers/';

/** The path of an endpoint that is answered so, another for each `n`. */
export function pathAnswering(answer: AnswerName, n: number): string {
  return `${pathStart}${answer}/${n}-${'x'.repeat(120)}`;
}

/** The answer to a POST there; undefined: silence. `well` for any other path. */
export function answerAt(path: string): VendorAnswer | undefined | 'well' {
  if (!path.startsWith(pathStart)) return 'well';
  const [name = ''] = path.slice(pathStart.length).split('/', 1);
  return name in answers ? answers[name as AnswerName] : { status: 404, body: '' };
}
