import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { configureUserProof } from '../../actions/application/configureUserProof';
import { requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { Unchanged } from '../unchanged';
import { readConfigureUserProof } from './readConfigureUserProof';
import { ConfigureUserProofInput, UserProofSettings } from './userProofTypes';

@Resolver()
export class UserProofResolver {
  @Mutation(() => UserProofSettings, {
    description:
      'Sets how web pages prove their users (the X-Fanfare-User header); an empty input only answers. Scope admin.',
  })
  async configureUserProof(
    @Ctx() context: RequestContext,
    @Arg('input', () => ConfigureUserProofInput, { description: 'What changes.' })
    input: ConfigureUserProofInput,
  ): Promise<UserProofSettings | Unchanged<UserProofSettings>> {
    const { applicationId } = await requireScope(context, 'admin');
    const change = readConfigureUserProof(input);
    const { application, changed } = await configureUserProof(context.parts, applicationId, change);
    const settings = {
      required: application.requireUserProof,
      hasSharedSecret: application.userProofSecret !== null,
      hasPublicKey: application.userProofPublicKey !== null,
    };
    return changed ? settings : new Unchanged(settings);
  }
}
