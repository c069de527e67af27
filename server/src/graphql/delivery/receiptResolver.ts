import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { recordReceipt } from '../../actions/receipt/recordReceipt';
import { Refusal } from '../../model/refusal';
import { type RequestContext } from '../context';
import { ReceiptEventEnum } from '../enums';

@Resolver()
export class ReceiptResolver {
  @Mutation(() => Boolean, {
    description:
      'Notes what a service worker saw; a repeated receipt changes nothing. No key: the token is the proof. False when the delivery is no longer kept.',
  })
  async recordReceipt(
    @Ctx() { parts }: RequestContext,
    @Arg('token', () => String, { description: '`notification.data.fanfare.receipt` of the payload.' })
    token: string,
    @Arg('event', () => ReceiptEventEnum, { description: 'What happened.' }) event: ReceiptEventEnum,
  ): Promise<boolean> {
    const delivery = parts.receiptTokens.read(token);
    if (!delivery) throw new Refusal('BAD_USER_INPUT', 'This is no receipt token of this server.', ['token']);
    return recordReceipt(parts, delivery, event);
  }
}
