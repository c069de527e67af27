/* Generated from client/console/operations by client/build/generateOperations.mjs. */

/** The text of an operation, which knows its data and variables. */
export type TypedDocument<Data, Variables> = string & { readonly __types?: [Data, Variables] };

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type ApiKeyKind =
  | 'PUBLISHABLE'
  | 'SECRET';

export type ApplicationSettingsInput = {
  allowedOrigins?: Array<string> | null | undefined;
  protectedTags?: Array<string> | null | undefined;
  redactContent?: boolean | null | undefined;
  requestsPerMinute?: number | null | undefined;
  staleAfterDays?: number | null | undefined;
  subscriptionsMost?: number | null | undefined;
  subscriptionsPerUser?: number | null | undefined;
  verifySubscriptions?: boolean | null | undefined;
  welcome?: NotificationContentInput | null | undefined;
};

export type AudienceInput = {
  everyone?: boolean | null | undefined;
  failedOf?: string | null | undefined;
  subscriptionIds?: Array<string> | null | undefined;
  tags?: TagFilterInput | null | undefined;
  userIds?: Array<string> | null | undefined;
};

export type ConfigureUserProofInput = {
  publicKey?: string | null | undefined;
  required?: boolean | null | undefined;
  sharedSecret?: string | null | undefined;
};

export type CreateApiKeyInput = {
  applicationId?: string | null | undefined;
  kind: ApiKeyKind;
  name: string;
  scopes?: Array<string> | null | undefined;
};

export type CreateApplicationInput = {
  name: string;
  settings?: ApplicationSettingsInput | null | undefined;
};

export type DeliveryStatus =
  | 'ACCEPTED'
  | 'CANCELLED'
  | 'EXHAUSTED'
  | 'EXPIRED'
  | 'GONE'
  | 'PENDING'
  | 'REJECTED';

export type Direction =
  | 'AUTO'
  | 'LTR'
  | 'RTL';

export type GateState =
  | 'CLOSED'
  | 'HALF_OPEN'
  | 'OPEN';

export type Lane =
  | 'BULK'
  | 'TRANSACTIONAL';

export type NotificationActionInput = {
  action: string;
  icon?: string | null | undefined;
  navigate?: string | null | undefined;
  title: string;
};

export type NotificationContentInput = {
  actions?: Array<NotificationActionInput> | null | undefined;
  appBadge?: number | null | undefined;
  badge?: string | null | undefined;
  body?: string | null | undefined;
  data?: Record<string, unknown> | null | undefined;
  dir?: Direction | null | undefined;
  icon?: string | null | undefined;
  image?: string | null | undefined;
  lang?: string | null | undefined;
  navigate?: string | null | undefined;
  renotify?: boolean | null | undefined;
  requireInteraction?: boolean | null | undefined;
  silent?: boolean | null | undefined;
  tag?: string | null | undefined;
  timestamp?: string | null | undefined;
  title: string;
  vibrate?: Array<number> | null | undefined;
};

export type NotificationStatus =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'SCHEDULED'
  | 'SENDING';

export type ReachReason =
  | 'ACCEPTED'
  | 'BEING_SENT'
  | 'CANCELLED'
  | 'DISPLAYED'
  | 'ENDED_BEFORE'
  | 'EXHAUSTED'
  | 'EXPIRED'
  | 'GONE'
  | 'MEANT_SINCE'
  | 'NOT_MEANT'
  | 'NOT_YET'
  | 'NO_BROWSER'
  | 'REJECTED'
  | 'STALE'
  | 'SUBSCRIBED_LATER'
  | 'WAITS_FOR_PUSH_SERVICE'
  | 'WAITS_TO_RETRY';

export type SendNotificationInput = {
  audience: AudienceInput;
  content: NotificationContentInput;
  expiresAt?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  sendAt?: string | null | undefined;
  topic?: string | null | undefined;
  ttl?: number | null | undefined;
  urgency?: Urgency | null | undefined;
};

export type TagFilterInput = {
  allOf?: Array<string> | null | undefined;
  anyOf?: Array<string> | null | undefined;
  noneOf?: Array<string> | null | undefined;
};

export type TimeBucket =
  | 'DAY'
  | 'HOUR';

export type Urgency =
  | 'HIGH'
  | 'LOW'
  | 'NORMAL'
  | 'VERY_LOW';

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { apiKeys: Array<{ id: string, name: string, kind: ApiKeyKind, scopes: Array<string>, createdAt: string, lastUsedAt: string | null, revokedAt: string | null }> };

export type ApplicationsQueryVariables = Exact<{ [key: string]: never; }>;


export type ApplicationsQuery = { applications: Array<{ id: string, name: string, allowedOrigins: Array<string> | null, requestsPerMinute: number | null, subscriptionsPerUser: number | null, subscriptionsMost: number | null, staleAfterDays: number | null, protectedTags: Array<string> | null, verifySubscriptions: boolean, welcome: Record<string, unknown> | null, redactContent: boolean, requireUserProof: boolean, canProveUsers: boolean, stoppedAt: string | null, createdAt: string }> };

export type AudienceSizeQueryVariables = Exact<{
  audience: AudienceInput;
}>;


export type AudienceSizeQuery = { audienceSize: number };

export type AuditLogQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { edges: Array<{ node: { at: string, action: string, apiKeyId: string, subject: string | null, failed: boolean } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CancelNotificationMutationVariables = Exact<{
  id: string;
}>;


export type CancelNotificationMutation = { cancelNotification: { id: string, status: NotificationStatus } };

export type ConfigureUserProofMutationVariables = Exact<{
  input: ConfigureUserProofInput;
}>;


export type ConfigureUserProofMutation = { configureUserProof: { required: boolean, hasSharedSecret: boolean, hasPublicKey: boolean } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string, name: string, kind: ApiKeyKind, scopes: Array<string>, createdAt: string } } };

export type CreateApplicationMutationVariables = Exact<{
  input: CreateApplicationInput;
}>;


export type CreateApplicationMutation = { createApplication: { adminKey: string, publishableKey: string, application: { id: string, name: string } } };

export type DeadDispatchesQueryVariables = Exact<{ [key: string]: never; }>;


export type DeadDispatchesQuery = { deadDispatches: { edges: Array<{ node: { id: string, notificationId: string, lane: Lane, pushService: string, deliveries: number, reason: string, deadAt: string } }> } };

export type DeletePersonMutationVariables = Exact<{
  userId: string;
}>;


export type DeletePersonMutation = { deletePerson: number };

export type DeliveryHistoryQueryVariables = Exact<{
  userId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type DeliveryHistoryQuery = { deliveryHistory: Array<{ cursor: string, notification: { id: string, createdAt: string, status: NotificationStatus, content: Record<string, unknown> | null }, delivery: { id: string, status: DeliveryStatus, attempts: number, httpStatus: number | null, reason: string | null, pushService: string, nextAttemptAt: string | null, acceptedAt: string | null, displayedAt: string | null, clickedAt: string | null, subscription: { id: string } | null } }> };

export type DeliveryStatisticsQueryVariables = Exact<{
  points: number;
  bucket: TimeBucket;
}>;


export type DeliveryStatisticsQuery = { deliveryStatistics: { points: Array<{ at: string, notifications: number, accepted: number, gone: number, rejected: number, expired: number, exhausted: number, cancelled: number }>, outcomes: Array<{ pushService: string, status: DeliveryStatus, reason: string, deliveries: number }> } };

export type ExplainDeliveryQueryVariables = Exact<{
  notificationId: string;
  userId: string;
}>;


export type ExplainDeliveryQuery = { explainDelivery: { reason: ReachReason, browsers: Array<{ reason: ReachReason, subscription: { id: string, pushService: string, lastSeenAt: string }, delivery: { reason: string | null, httpStatus: number | null, nextAttemptAt: string | null, acceptedAt: string | null, displayedAt: string | null } | null }> } | null };

export type ExportPersonQueryVariables = Exact<{
  userId: string;
}>;


export type ExportPersonQuery = { exportPerson: Record<string, unknown> };

export type HealthQueryVariables = Exact<{ [key: string]: never; }>;


export type HealthQuery = { pushServiceHealth: Array<{ pushService: string, state: GateState, limit: number | null, underWay: number | null, waiting: number | null, attemptsPerMinute: number | null, pausedUntil: string | null, throttledUntil: string | null, workers: number | null, updatedAt: string | null }>, queueHealth: { connected: boolean, deadLetters: number | null, lanes: Array<{ lane: Lane, depth: number | null, due: number, later: number, queued: number, underWay: number, dead: number }> } };

export type NotificationDeliveriesQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  status?: DeliveryStatus | null | undefined;
  pushService?: string | null | undefined;
  reason?: string | null | undefined;
  userId?: string | null | undefined;
}>;


export type NotificationDeliveriesQuery = { notification: { id: string, deliveries: { totalCount: number | null, edges: Array<{ node: { id: string, status: DeliveryStatus, attempts: number, httpStatus: number | null, reason: string | null, pushService: string, nextAttemptAt: string | null, acceptedAt: string | null, displayedAt: string | null, clickedAt: string | null, dismissedAt: string | null, subscription: { id: string, userId: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type NotificationListQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  status?: NotificationStatus | null | undefined;
}>;


export type NotificationListQuery = { notifications: { edges: Array<{ node: { id: string, status: NotificationStatus, createdAt: string, sendAt: string | null, content: Record<string, unknown> | null, sentBy: string | null, lane: Lane | null, progress: { targeted: number, pending: number, accepted: number, displayed: number, clicked: number, gone: number, rejected: number, expired: number, exhausted: number, cancelled: number, dismissed: number } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type NotificationPageQueryVariables = Exact<{
  id: string;
}>;


export type NotificationPageQuery = { notification: { id: string, status: NotificationStatus, createdAt: string, sendAt: string | null, expiresAt: string | null, completedAt: string | null, content: Record<string, unknown> | null, audience: Record<string, unknown>, lane: Lane | null, ttl: number | null, urgency: Urgency | null, topic: string | null, sentBy: string | null, progress: { targeted: number, pending: number, accepted: number, gone: number, rejected: number, expired: number, exhausted: number, cancelled: number, displayed: number, clicked: number, dismissed: number }, outcomes: Array<{ pushService: string, status: DeliveryStatus, reason: string, deliveries: number }> } | null };

export type PayloadSizeQueryVariables = Exact<{
  content: NotificationContentInput;
}>;


export type PayloadSizeQuery = { payloadSize: { bytes: number, limit: number } };

export type PersonQueryVariables = Exact<{
  userId: string;
}>;


export type PersonQuery = { person: { userId: string, devices: Array<{ id: string, pushService: string, tags: Array<string>, locale: string | null, timeZone: string | null, createdAt: string, lastSeenAt: string, retiredAt: string | null, retiredReason: string | null }> } | null };

export type PlaygroundPathQueryVariables = Exact<{ [key: string]: never; }>;


export type PlaygroundPathQuery = { viewer: { playgroundPath: string | null } };

export type PushSubscriptionListQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  tag?: string | null | undefined;
}>;


export type PushSubscriptionListQuery = { pushSubscriptions: { edges: Array<{ node: { id: string, userId: string | null, pushService: string, tags: Array<string>, locale: string | null, createdAt: string, lastSeenAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RedriveDispatchMutationVariables = Exact<{
  id: string;
}>;


export type RedriveDispatchMutation = { redriveDispatch: boolean };

export type RedriveDispatchesMutationVariables = Exact<{ [key: string]: never; }>;


export type RedriveDispatchesMutation = { redriveDispatches: number };

export type ResumeApplicationMutationVariables = Exact<{
  id: string;
}>;


export type ResumeApplicationMutation = { resumeApplication: { id: string } };

export type ResumePushServiceMutationVariables = Exact<{
  pushService: string;
}>;


export type ResumePushServiceMutation = { resumePushService: boolean };

export type RetirePushSubscriptionMutationVariables = Exact<{
  id: string;
}>;


export type RetirePushSubscriptionMutation = { retirePushSubscription: boolean };

export type RetireVapidKeyMutationVariables = Exact<{
  publicKey: string;
  force: boolean;
}>;


export type RetireVapidKeyMutation = { retireVapidKey: { publicKey: string } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
  cancelNotifications: boolean;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: boolean };

export type RotateVapidKeyMutationVariables = Exact<{ [key: string]: never; }>;


export type RotateVapidKeyMutation = { rotateVapidKey: { publicKey: string } };

export type SendNotificationMutationVariables = Exact<{
  input: SendNotificationInput;
}>;


export type SendNotificationMutation = { sendNotification: { replayed: boolean, notification: { id: string, status: NotificationStatus, progress: { targeted: number } } } };

export type StopApplicationMutationVariables = Exact<{
  id: string;
}>;


export type StopApplicationMutation = { stopApplication: { id: string } };

export type SubscriptionLimitsQueryVariables = Exact<{ [key: string]: never; }>;


export type SubscriptionLimitsQuery = { applications: Array<{ id: string, name: string, liveSubscriptions: number, subscriptionLimit: number | null, newSubscriptionsRefusedUntil: string | null }> };

export type SubscriptionStatisticsQueryVariables = Exact<{
  days: number;
}>;


export type SubscriptionStatisticsQuery = { subscriptionStatistics: { live: number, byPushService: Array<{ pushService: string, live: number }>, days: Array<{ at: string, created: number, retired: number, live: number }> } };

export type UpdateApplicationMutationVariables = Exact<{
  id: string;
  settings: ApplicationSettingsInput;
}>;


export type UpdateApplicationMutation = { updateApplication: { id: string } };

export type VapidKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type VapidKeysQuery = { vapidKeys: Array<{ publicKey: string, createdAt: string, retiredAt: string | null, subscriptions: number }> };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { apiKeyId: string, name: string, kind: ApiKeyKind, scopes: Array<string>, applicationId: string, applicationName: string, playgroundPath: string | null } };

export type WatchProgressSubscriptionVariables = Exact<{
  id: string;
}>;


export type WatchProgressSubscription = { notificationProgress: { id: string, status: NotificationStatus, completedAt: string | null, progress: { targeted: number, pending: number, accepted: number, gone: number, rejected: number, expired: number, exhausted: number, cancelled: number, displayed: number, clicked: number, dismissed: number } } };

export const ApiKeysDocument = 'query ApiKeys{apiKeys{id name kind scopes createdAt lastUsedAt revokedAt}}' as TypedDocument<ApiKeysQuery, ApiKeysQueryVariables>;

export const ApplicationsDocument = 'query Applications{applications{id name allowedOrigins requestsPerMinute subscriptionsPerUser subscriptionsMost staleAfterDays protectedTags verifySubscriptions welcome redactContent requireUserProof canProveUsers stoppedAt createdAt}}' as TypedDocument<ApplicationsQuery, ApplicationsQueryVariables>;

export const AudienceSizeDocument = 'query AudienceSize($audience:AudienceInput!){audienceSize(audience:$audience)}' as TypedDocument<AudienceSizeQuery, AudienceSizeQueryVariables>;

export const AuditLogDocument = 'query AuditLog($first:Int!$after:String){auditLog(first:$first after:$after){edges{node{at action apiKeyId subject failed}}pageInfo{hasNextPage endCursor}}}' as TypedDocument<AuditLogQuery, AuditLogQueryVariables>;

export const CancelNotificationDocument = 'mutation CancelNotification($id:ID!){cancelNotification(id:$id){id status}}' as TypedDocument<CancelNotificationMutation, CancelNotificationMutationVariables>;

export const ConfigureUserProofDocument = 'mutation ConfigureUserProof($input:ConfigureUserProofInput!){configureUserProof(input:$input){required hasSharedSecret hasPublicKey}}' as TypedDocument<ConfigureUserProofMutation, ConfigureUserProofMutationVariables>;

export const CreateApiKeyDocument = 'mutation CreateApiKey($input:CreateApiKeyInput!){createApiKey(input:$input){secret apiKey{id name kind scopes createdAt}}}' as TypedDocument<CreateApiKeyMutation, CreateApiKeyMutationVariables>;

export const CreateApplicationDocument = 'mutation CreateApplication($input:CreateApplicationInput!){createApplication(input:$input){adminKey publishableKey application{id name}}}' as TypedDocument<CreateApplicationMutation, CreateApplicationMutationVariables>;

export const DeadDispatchesDocument = 'query DeadDispatches{deadDispatches(first:20){edges{node{id notificationId lane pushService deliveries reason deadAt}}}}' as TypedDocument<DeadDispatchesQuery, DeadDispatchesQueryVariables>;

export const DeletePersonDocument = 'mutation DeletePerson($userId:ID!){deletePerson(userId:$userId)}' as TypedDocument<DeletePersonMutation, DeletePersonMutationVariables>;

export const DeliveryHistoryDocument = 'query DeliveryHistory($userId:ID!$first:Int!$after:String){deliveryHistory(userId:$userId first:$first after:$after){cursor notification{id createdAt status content}delivery{id status attempts httpStatus reason pushService nextAttemptAt acceptedAt displayedAt clickedAt subscription{id}}}}' as TypedDocument<DeliveryHistoryQuery, DeliveryHistoryQueryVariables>;

export const DeliveryStatisticsDocument = 'query DeliveryStatistics($points:Int!$bucket:TimeBucket!){deliveryStatistics(points:$points bucket:$bucket){points{at notifications accepted gone rejected expired exhausted cancelled}outcomes{pushService status reason deliveries}}}' as TypedDocument<DeliveryStatisticsQuery, DeliveryStatisticsQueryVariables>;

export const ExplainDeliveryDocument = 'query ExplainDelivery($notificationId:ID!$userId:ID!){explainDelivery(notificationId:$notificationId userId:$userId){reason browsers{reason subscription{id pushService lastSeenAt}delivery{reason httpStatus nextAttemptAt acceptedAt displayedAt}}}}' as TypedDocument<ExplainDeliveryQuery, ExplainDeliveryQueryVariables>;

export const ExportPersonDocument = 'query ExportPerson($userId:ID!){exportPerson(userId:$userId)}' as TypedDocument<ExportPersonQuery, ExportPersonQueryVariables>;

export const HealthDocument = 'query Health{pushServiceHealth{pushService state limit underWay waiting attemptsPerMinute pausedUntil throttledUntil workers updatedAt}queueHealth{connected deadLetters lanes{lane depth due later queued underWay dead}}}' as TypedDocument<HealthQuery, HealthQueryVariables>;

export const NotificationDeliveriesDocument = 'query NotificationDeliveries($id:ID!$first:Int!$after:String$status:DeliveryStatus$pushService:String$reason:String$userId:ID){notification(id:$id){id deliveries(first:$first after:$after status:$status pushService:$pushService reason:$reason userId:$userId){totalCount edges{node{id status attempts httpStatus reason pushService nextAttemptAt acceptedAt displayedAt clickedAt dismissedAt subscription{id userId}}}pageInfo{hasNextPage endCursor}}}}' as TypedDocument<NotificationDeliveriesQuery, NotificationDeliveriesQueryVariables>;

export const NotificationListDocument = 'query NotificationList($first:Int!$after:String$status:NotificationStatus){notifications(first:$first after:$after status:$status){edges{node{id status createdAt sendAt content sentBy lane progress{targeted pending accepted displayed clicked gone rejected expired exhausted cancelled dismissed}}}pageInfo{hasNextPage endCursor}}}' as TypedDocument<NotificationListQuery, NotificationListQueryVariables>;

export const NotificationPageDocument = 'query NotificationPage($id:ID!){notification(id:$id){id status createdAt sendAt expiresAt completedAt content audience lane ttl urgency topic sentBy progress{targeted pending accepted gone rejected expired exhausted cancelled displayed clicked dismissed}outcomes{pushService status reason deliveries}}}' as TypedDocument<NotificationPageQuery, NotificationPageQueryVariables>;

export const PayloadSizeDocument = 'query PayloadSize($content:NotificationContentInput!){payloadSize(content:$content){bytes limit}}' as TypedDocument<PayloadSizeQuery, PayloadSizeQueryVariables>;

export const PersonDocument = 'query Person($userId:ID!){person(userId:$userId){userId devices{id pushService tags locale timeZone createdAt lastSeenAt retiredAt retiredReason}}}' as TypedDocument<PersonQuery, PersonQueryVariables>;

export const PlaygroundPathDocument = 'query PlaygroundPath{viewer{playgroundPath}}' as TypedDocument<PlaygroundPathQuery, PlaygroundPathQueryVariables>;

export const PushSubscriptionListDocument = 'query PushSubscriptionList($first:Int!$after:String$tag:String){pushSubscriptions(first:$first after:$after tag:$tag){edges{node{id userId pushService tags locale createdAt lastSeenAt}}pageInfo{hasNextPage endCursor}}}' as TypedDocument<PushSubscriptionListQuery, PushSubscriptionListQueryVariables>;

export const RedriveDispatchDocument = 'mutation RedriveDispatch($id:ID!){redriveDispatch(id:$id)}' as TypedDocument<RedriveDispatchMutation, RedriveDispatchMutationVariables>;

export const RedriveDispatchesDocument = 'mutation RedriveDispatches{redriveDispatches}' as TypedDocument<RedriveDispatchesMutation, RedriveDispatchesMutationVariables>;

export const ResumeApplicationDocument = 'mutation ResumeApplication($id:ID!){resumeApplication(id:$id){id}}' as TypedDocument<ResumeApplicationMutation, ResumeApplicationMutationVariables>;

export const ResumePushServiceDocument = 'mutation ResumePushService($pushService:String!){resumePushService(pushService:$pushService)}' as TypedDocument<ResumePushServiceMutation, ResumePushServiceMutationVariables>;

export const RetirePushSubscriptionDocument = 'mutation RetirePushSubscription($id:ID!){retirePushSubscription(id:$id)}' as TypedDocument<RetirePushSubscriptionMutation, RetirePushSubscriptionMutationVariables>;

export const RetireVapidKeyDocument = 'mutation RetireVapidKey($publicKey:String!$force:Boolean!){retireVapidKey(publicKey:$publicKey force:$force){publicKey}}' as TypedDocument<RetireVapidKeyMutation, RetireVapidKeyMutationVariables>;

export const RevokeApiKeyDocument = 'mutation RevokeApiKey($id:ID!$cancelNotifications:Boolean!){revokeApiKey(id:$id cancelNotifications:$cancelNotifications)}' as TypedDocument<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;

export const RotateVapidKeyDocument = 'mutation RotateVapidKey{rotateVapidKey{publicKey}}' as TypedDocument<RotateVapidKeyMutation, RotateVapidKeyMutationVariables>;

export const SendNotificationDocument = 'mutation SendNotification($input:SendNotificationInput!){sendNotification(input:$input){replayed notification{id status progress{targeted}}}}' as TypedDocument<SendNotificationMutation, SendNotificationMutationVariables>;

export const StopApplicationDocument = 'mutation StopApplication($id:ID!){stopApplication(id:$id){id}}' as TypedDocument<StopApplicationMutation, StopApplicationMutationVariables>;

export const SubscriptionLimitsDocument = 'query SubscriptionLimits{applications{id name liveSubscriptions subscriptionLimit newSubscriptionsRefusedUntil}}' as TypedDocument<SubscriptionLimitsQuery, SubscriptionLimitsQueryVariables>;

export const SubscriptionStatisticsDocument = 'query SubscriptionStatistics($days:Int!){subscriptionStatistics(days:$days){live byPushService{pushService live}days{at created retired live}}}' as TypedDocument<SubscriptionStatisticsQuery, SubscriptionStatisticsQueryVariables>;

export const UpdateApplicationDocument = 'mutation UpdateApplication($id:ID!$settings:ApplicationSettingsInput!){updateApplication(id:$id settings:$settings){id}}' as TypedDocument<UpdateApplicationMutation, UpdateApplicationMutationVariables>;

export const VapidKeysDocument = 'query VapidKeys{vapidKeys{publicKey createdAt retiredAt subscriptions}}' as TypedDocument<VapidKeysQuery, VapidKeysQueryVariables>;

export const ViewerDocument = 'query Viewer{viewer{apiKeyId name kind scopes applicationId applicationName playgroundPath}}' as TypedDocument<ViewerQuery, ViewerQueryVariables>;

export const WatchProgressDocument = 'subscription WatchProgress($id:ID!){notificationProgress(id:$id){id status completedAt progress{targeted pending accepted gone rejected expired exhausted cancelled displayed clicked dismissed}}}' as TypedDocument<WatchProgressSubscription, WatchProgressSubscriptionVariables>;
