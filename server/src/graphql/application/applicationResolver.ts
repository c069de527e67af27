import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ChangedApplication } from '../../actions/application/applicationSettings';
import { createApplication } from '../../actions/application/createApplication';
import { resumeApplication, stopApplication } from '../../actions/application/stopApplication';
import { updateApplication } from '../../actions/application/updateApplication';
import { listApplications } from '../../views/application/listApplications';
import { administered, isPlatformAdmin, requirePlatformAdmin, requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { checkName } from '../fields';
import { shapeApplications } from '../resolvers/applicationBatch';
import { DateTime } from '../scalars';
import { Unchanged } from '../unchanged';
import {
  ApplicationSettingsInput,
  ApplicationType,
  CreateApplicationInput,
  CreateApplicationPayload,
} from './applicationType';
import { readApplicationSettings } from './readApplicationSettings';

const maxNameLength = 100;

@Resolver(() => ApplicationType)
export class ApplicationResolver {
  @Query(() => [ApplicationType], {
    description: 'The application of this key; for an admin of the application "default" all. Scope admin.',
  })
  async applications(@Ctx() context: RequestContext): Promise<ApplicationType[]> {
    const caller = await requireScope(context, 'admin');
    const { database } = context.parts;
    const rows = await listApplications(database, isPlatformAdmin(caller) ? undefined : caller.applicationId);
    const shape = shapeApplications(
      context.parts,
      rows.map((row) => row.id),
    );
    return rows.map(shape);
  }

  @Mutation(() => CreateApplicationPayload, {
    description:
      'Makes an application with keys of its own, shown in this answer only. Scope admin of the application "default".',
  })
  async createApplication(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateApplicationInput, { description: 'The application.' })
    input: CreateApplicationInput,
  ): Promise<CreateApplicationPayload> {
    await requirePlatformAdmin(context);
    const name = checkName(input.name, ['input', 'name'], maxNameLength);
    const settings = readApplicationSettings(input.settings, ['input', 'settings']);
    const { application, ...keys } = await createApplication(context.parts, name, settings);
    return { application: shapeApplications(context.parts, [application.id])(application), ...keys };
  }

  @Mutation(() => ApplicationType, {
    description:
      'Changes settings of an application; other processes follow within seconds. Scope admin, of this application or of "default".',
  })
  async updateApplication(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The application.' }) id: string,
    @Arg('settings', () => ApplicationSettingsInput, { description: 'What changes.' })
    input: ApplicationSettingsInput,
  ): Promise<AnsweredApplication> {
    const caller = await requireScope(context, 'admin');
    const { callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const settings = readApplicationSettings(input, ['settings']);
    const change = await updateApplication(context.parts, applicationId, settings);
    callers.forgetApplication(applicationId);
    return answer(context, change);
  }

  @Mutation(() => ApplicationType, {
    description:
      'Stops an application: its keys are refused, except that admin keys read, revoke keys and resume, and its unfinished notifications are cancelled. The answer comes a few seconds later, when nothing more is sent. Scope admin, of this application or of "default".',
  })
  async stopApplication(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The application.' }) id: string,
  ): Promise<AnsweredApplication> {
    const caller = await requireScope(context, 'admin');
    const { callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const forget = () => callers.forgetApplication(applicationId);
    return answer(context, await stopApplication(context.parts, applicationId, forget));
  }

  @Mutation(() => ApplicationType, {
    description:
      'Accepts the keys of a stopped application again; what was cancelled stays cancelled. Scope admin, of this application or of "default".',
  })
  async resumeApplication(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The application.' }) id: string,
  ): Promise<AnsweredApplication> {
    const caller = await requireScope(context, 'admin');
    const { database, callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const change = await resumeApplication(database, applicationId);
    callers.forgetApplication(applicationId);
    return answer(context, change);
  }

  @FieldResolver(() => Int, { description: 'Browsers that it has now.' })
  liveSubscriptions(@Root() application: ApplicationType): Promise<number> {
    return application.countLive();
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'Until when its web pages cannot add browsers, because as many came in this hour as the installation allows; null: they can.',
  })
  newSubscriptionsRefusedUntil(@Root() application: ApplicationType): Promise<number | null> {
    return application.readRefusedUntil();
  }
}

type AnsweredApplication = ApplicationType | Unchanged<ApplicationType>;

function answer(
  { parts }: RequestContext,
  { application, changed }: ChangedApplication,
): AnsweredApplication {
  const result = shapeApplications(parts, [application.id])(application);
  return changed ? result : new Unchanged(result);
}
