import { Initial1763900000000 } from './0001Initial';
import { Statistics1763900000001 } from './0002Statistics';
import { LargeTables1763900000002 } from './0003LargeTables';
import { Welcome1763900000003 } from './0004Welcome';
import { OutcomeDays1763900000004 } from './0005OutcomeDays';
import { SubscriptionDays1763900000005 } from './0006SubscriptionDays';
import { VapidKeyUse1763900000006 } from './0007VapidKeyUse';
import { NeverAccepted1763900000007 } from './0008NeverAccepted';
import { UserSince1763900000008 } from './0009UserSince';
import { AudienceSettings1763900000009 } from './0010AudienceSettings';
import { StoppedApplications1763900000010 } from './0011StoppedApplications';
import { DispatchDeaths1763900000011 } from './0012DispatchDeaths';
import { ErasedPeople1763900000012 } from './0013ErasedPeople';
import { PushServicePauses1763900000013 } from './0014PushServicePauses';
import { resumable } from './resumable';

/** In the order in which they run. Their names stand in the table `migration` of every installation. */
export const migrations = [
  Initial1763900000000,
  Statistics1763900000001,
  LargeTables1763900000002,
  Welcome1763900000003,
  OutcomeDays1763900000004,
  SubscriptionDays1763900000005,
  VapidKeyUse1763900000006,
  NeverAccepted1763900000007,
  UserSince1763900000008,
  AudienceSettings1763900000009,
  StoppedApplications1763900000010,
  DispatchDeaths1763900000011,
  ErasedPeople1763900000012,
  PushServicePauses1763900000013,
].map(resumable);

/** As the table `migration` has them. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name ?? '');
