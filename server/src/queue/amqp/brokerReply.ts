/**
 * Why the broker ended a connection or channel, in its own words: reply code and text of `connection.close` or
 * `channel.close` (AMQP 0-9-1). They name virtual hosts, users and queues, never a password.
 * @returns undefined when the broker said nothing: it is away, or the network is
 */
export function brokerReply(error: Error): string | undefined {
  const { message } = error;
  const at = message.indexOf(' with message "');
  // amqplib: `Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"`
  if (at >= 0) return replyOf(message, at);
  // at connection.open amqplib passes the reply over
  if (message.startsWith('Expected ConnectionOpenOk; got <ConnectionClose')) return vhostRefused;
  return undefined;
}

/** From the reply code on: what stands before it is amqplib's. */
function replyOf(message: string, at: number): string {
  const codeAt = message.lastIndexOf(' ', message.lastIndexOf(' (', at) - 1) + 1;
  return message.slice(codeAt, codeAt + maxLength);
}

const maxLength = 500;
const vhostRefused =
  '530 (NOT_ALLOWED): the virtual host of FANFARE_AMQP_URL does not exist, or this user has no permission for it';
