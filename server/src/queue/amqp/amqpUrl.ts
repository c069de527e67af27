import { parseUrl } from '../../model/url/parseUrl';

/** What amqplib reads from the query, save for the heartbeat, which is ours. */
const known = ['channelMax', 'frameMax'];

/**
 * Checks `amqp://user:password@host:port/vhost`, or `amqps:`.
 * @returns the URL as it is used
 * @throws Error with the reason why it cannot be used
 */
export function readAmqpUrl(text: string): string {
  const url = parseUrl(text);
  if (!url || !['amqp:', 'amqps:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('must be amqp://user:password@host:5672/vhost');
  }
  if (url.hash !== '') throw new Error('has a # that is not written as %23');
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) {
      throw new Error(`has the unknown parameter "${name}"; there are ${known.join(' and ')}`);
    }
  }
  return url.href;
}
