import { readAmqpUrl } from './amqpUrl';

test.each(['amqp://127.0.0.1:5672', 'amqps://a:b@mq.example/%2Ffanfare', 'amqp://mq/?frameMax=8192'])(
  '%s is taken',
  (url) => expect(readAmqpUrl(url)).toBe(url),
);

test.each([
  ['http://mq', 'must be amqp:'],
  ['amqp:///vhost', 'must be amqp:'],
  ['amqp://mq/?heartbeat=30', '"heartbeat"'],
  ['amqps://mq/?verify=verify_none', '"verify"'],
  ['amqp://guest:a#b@mq', 'must be amqp:'],
  ['amqp://mq/a#b', '#'],
])('%s is refused', (url, reason) => {
  expect(() => readAmqpUrl(url)).toThrow(reason);
});
