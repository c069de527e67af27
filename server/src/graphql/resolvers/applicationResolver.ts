import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ChangedApplication } from '../../intake/applicationSettings';
import { createApplication } from '../../intake/createApplication';
import { resumeApplication, stopApplication } from '../../intake/stopApplication';
import { updateApplication } from '../../intake/updateApplication';
import type { PublicIds } from '../../model/publicIds';
import { listApplications } from '../../status/listApplications';
import { administered, isPlatformAdmin, requirePlatformAdmin, requireScope } from '../authorise';
import { type RequestContext } from '../context';
import { readApplicationSettings } from '../input/applicationSettings';
import { checkName } from '../input/fields';
import {
  ApplicationSettingsInput,
  ApplicationType,
  CreateApplicationInput,
  CreateApplicationPayload,
  toApplication,
} from '../types/application';
import { Unchanged } from '../unchanged';

const maxNameLength = 100;

@Resolver()
export class ApplicationResolver {
  @Query(() => [ApplicationType], {
    description: 'The application of this key; for an admin of the application "default" all. Scope admin.',
  })
  async applications(@Ctx() context: RequestContext): Promise<ApplicationType[]> {
    const caller = await requireScope(context, 'admin');
    const { database, ids } = context.parts;
    const rows = await listApplications(database, isPlatformAdmin(caller) ? undefined : caller.applicationId);
    return rows.map((row) => toApplication(row, ids));
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
    return { application: toApplication(application, context.parts.ids), ...keys };
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
    const { ids, callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const settings = readApplicationSettings(input, ['settings']);
    const change = await updateApplication(context.parts, applicationId, settings);
    callers.forgetApplication(applicationId);
    return answer(change, ids);
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
    const { ids, callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const forget = () => callers.forgetApplication(applicationId);
    return answer(await stopApplication(context.parts, applicationId, forget), ids);
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
    const { database, ids, callers } = context.parts;
    const applicationId = await administered(context, caller, id, ['id']);
    const change = await resumeApplication(database, applicationId);
    callers.forgetApplication(applicationId);
    return answer(change, ids);
  }
}

type AnsweredApplication = ApplicationType | Unchanged<ApplicationType>;

function answer({ application, changed }: ChangedApplication, ids: PublicIds): AnsweredApplication {
  const result = toApplication(application, ids);
  return changed ? result : new Unchanged(result);
}
