import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ApiKey } from '../../database/entities/apiKey';
import { Application } from '../../database/entities/application';
import { listApiKeys } from '../../views/apiKey/listApiKeys';
import { requireCaller, requireScope } from '../admission/authorise';
import { ApiKeyType, toApiKey } from '../apiKey/apiKeyType';
import { type RequestContext } from '../context';
import { ApiKeyKindEnum } from '../enums';
import { ViewerType } from './viewerType';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { description: 'What the key that asks may do. Any key.' })
  async viewer(@Ctx() context: RequestContext): Promise<ViewerType> {
    const { apiKeyId, applicationId, kind, scopes } = await requireCaller(context);
    const { database, ids } = context.parts;
    const [key, application] = await Promise.all([
      database.entities.findOneByOrFail(ApiKey, { id: apiKeyId }),
      database.entities.findOneByOrFail(Application, { id: applicationId }),
    ]);
    return Object.assign(new ViewerType(), {
      apiKeyId: ids.encode('apiKey', apiKeyId),
      name: key.name,
      kind: ApiKeyKindEnum[kind],
      scopes,
      applicationId: ids.encode('application', applicationId),
      applicationName: application.name,
    });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where this server has its GraphQL playground for this key, for the next 12 hours; null where it is for keys with the scope admin.',
  })
  async playgroundPath(
    @Root() { scopes }: ViewerType,
    @Ctx() { parts }: RequestContext,
  ): Promise<string | null> {
    const { playgroundPasses } = parts.admission;
    if (!playgroundPasses) return '/playground/';
    return scopes.includes('admin') ? `/playground/with/${await playgroundPasses.issue()}/` : null;
  }

  @Query(() => [ApiKeyType], {
    description: "The application's keys, newest first, revoked ones too; at most 500. Scope admin.",
  })
  async apiKeys(@Ctx() context: RequestContext): Promise<ApiKeyType[]> {
    const { applicationId } = await requireScope(context, 'admin');
    const { database, ids } = context.parts;
    return (await listApiKeys(database, applicationId)).map((row) => toApiKey(row, ids));
  }
}
