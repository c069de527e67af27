import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { currentVapidKey } from '../../actions/vapidKey/currentVapidKey';
import { retireVapidKey } from '../../actions/vapidKey/retireVapidKey';
import { rotateVapidKey } from '../../actions/vapidKey/rotateVapidKey';
import { Refusal } from '../../model/refusal';
import { requireCaller, requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { vapidKeysOf } from '../node/nodes';
import { Unchanged } from '../unchanged';
import { VapidKeyType } from './vapidKeyType';

@Resolver(() => VapidKeyType)
export class VapidKeyResolver {
  @Query(() => String, {
    description: 'The `applicationServerKey` to subscribe with: base64url, unpadded. Any key.',
  })
  async vapidPublicKey(@Ctx() context: RequestContext): Promise<string> {
    const { applicationId } = await requireCaller(context);
    return (await currentVapidKey(context.parts.database, applicationId)).publicKey;
  }

  @Query(() => [VapidKeyType], {
    description: 'The application server keys and how many browsers use each, youngest first. Scope admin.',
  })
  async vapidKeys(@Ctx() context: RequestContext): Promise<VapidKeyType[]> {
    const { applicationId } = await requireScope(context, 'admin');
    return vapidKeysOf(context, applicationId);
  }

  @Mutation(() => VapidKeyType, {
    description:
      'Makes a new application server key, which `vapidPublicKey` gives from now on. Browsers move to it by themselves at their next visit; until then the old key goes on reaching them. Scope admin.',
  })
  async rotateVapidKey(@Ctx() context: RequestContext): Promise<VapidKeyType> {
    const { applicationId } = await requireScope(context, 'admin');
    const { publicKey } = await rotateVapidKey(context.parts, applicationId);
    return vapidKey(context, applicationId, publicKey);
  }

  @Mutation(() => VapidKeyType, {
    description:
      'Ends an old application server key, when no browser uses it any more or when it is forced: the browsers that are left then retire. Idempotent. Scope admin.',
  })
  async retireVapidKey(
    @Ctx() context: RequestContext,
    @Arg('publicKey', () => String, { description: 'The key, as `vapidKeys` gives it.' }) publicKey: string,
    @Arg('force', () => Boolean, { defaultValue: false, description: 'Retire its browsers too.' })
    force: boolean,
  ): Promise<VapidKeyType | Unchanged<VapidKeyType>> {
    const { applicationId } = await requireScope(context, 'admin');
    const changed = await retireVapidKey(context.parts, applicationId, publicKey, force);
    const key = await vapidKey(context, applicationId, publicKey);
    return changed ? key : new Unchanged(key);
  }

  @FieldResolver(() => Int, {
    description: 'Live push subscriptions made with it: a rotation is over at 0.',
  })
  subscriptions(@Root() key: VapidKeyType): Promise<number> {
    return key.countSubscriptions();
  }
}

async function vapidKey(
  context: RequestContext,
  applicationId: number,
  publicKey: string,
): Promise<VapidKeyType> {
  const keys = await vapidKeysOf(context, applicationId);
  const key = keys.find((each) => each.publicKey === publicKey);
  if (key) return key;
  throw new Refusal('NOT_FOUND', 'The application has no such key.', ['publicKey']);
}
