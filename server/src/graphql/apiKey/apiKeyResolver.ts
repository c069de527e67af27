import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { createApiKey } from '../../actions/apiKey/createApiKey';
import { revokeApiKey } from '../../actions/apiKey/revokeApiKey';
import { cancelUnfinished } from '../../actions/notification/cancelUnfinished';
import { administered, requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { Unchanged } from '../unchanged';
import { CreateApiKeyInput, CreateApiKeyPayload, toApiKey } from './apiKeyType';
import { readCreateApiKey } from './readCreateApiKey';

@Resolver()
export class ApiKeyResolver {
  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes a key; its secret is shown in this answer only. Scope admin.',
  })
  async createApiKey(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    const caller = await requireScope(context, 'admin');
    const fields = readCreateApiKey(input);
    const applicationId = await administered(context, caller, input.applicationId);
    const { apiKey, secret } = await createApiKey(context.parts, { ...fields, applicationId });
    return { apiKey: toApiKey(apiKey, context.parts.ids), secret };
  }

  @Mutation(() => Boolean, {
    description:
      'Ends a key. True when it was alive until now; other processes follow within seconds. Scope admin.',
  })
  async revokeApiKey(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The key.' }) id: string,
    @Arg('cancelNotifications', () => Boolean, {
      defaultValue: false,
      description:
        'Also cancels the unfinished notifications that the key has sent. The answer comes a few seconds later, when nothing more is sent.',
    })
    cancelNotifications: boolean,
  ): Promise<boolean | Unchanged<boolean>> {
    const { applicationId } = await requireScope(context, 'admin');
    const { ids, callers } = context.parts;
    const apiKeyId = ids.decodeOne('apiKey', id);
    const revoked = await revokeApiKey(context.parts, applicationId, apiKeyId);
    if (apiKeyId !== undefined) callers.forget(apiKeyId);
    if (cancelNotifications) await cancelUnfinished(context.parts, { applicationId, apiKeyId });
    return revoked || cancelNotifications ? revoked : new Unchanged(false);
  }
}
