import type { NotificationAction, NotificationContent } from '../../model/notificationContent';
import { checkHttpUrl, checkInteger, checkLanguage, given, type InputPath, present, refuse } from '../fields';
import type { NotificationActionInput, NotificationContentInput } from './sendNotificationInput';

const maxTagLength = 255;
const maxActions = 10;
const maxActionLength = 64;
const maxVibrations = 32;
const maxVibrationMs = 10_000;
const maxAppBadge = 2 ** 31 - 1;
const maxDataDepth = 32;

/** Checks what people will see. @throws Refusal BAD_USER_INPUT with the path of the field at fault */
export function readContent(input: NotificationContentInput, path: InputPath): NotificationContent {
  const url = (name: 'navigate' | 'icon' | 'image' | 'badge') => optionalUrl(input[name], [...path, name]);
  refuseContradictions(input, path);
  return {
    title: nonBlank(input.title, [...path, 'title']),
    ...present({
      body: given(input.body),
      navigate: url('navigate'),
      icon: url('icon'),
      image: url('image'),
      badge: url('badge'),
      tag: readTag(input.tag, [...path, 'tag']),
      lang: input.lang == null ? undefined : checkLanguage(input.lang, [...path, 'lang']),
      dir: given(input.dir),
      silent: given(input.silent),
      requireInteraction: given(input.requireInteraction),
      renotify: given(input.renotify),
      vibrate: readVibrate(input.vibrate, [...path, 'vibrate']),
      timestamp: given(input.timestamp),
      appBadge:
        input.appBadge == null
          ? undefined
          : checkInteger(input.appBadge, [...path, 'appBadge'], 0, maxAppBadge),
      actions: readActions(input.actions, [...path, 'actions']),
      data: readData(input.data, [...path, 'data']),
    }),
  };
}

/** Browsers throw a TypeError at both (Notifications API section 2.7), which would lose the notification. */
function refuseContradictions(input: NotificationContentInput, path: InputPath): void {
  if (input.renotify && input.tag == null) refuse([...path, 'renotify'], 'Needs a tag.');
  if (input.silent && input.vibrate != null) {
    refuse([...path, 'vibrate'], 'A silent notification cannot vibrate.');
  }
}

function nonBlank(value: string, path: InputPath): string {
  return value.trim() === '' ? refuse(path, 'Must not be empty.') : value;
}

function optionalUrl(value: string | null | undefined, path: InputPath): string | undefined {
  return value == null ? undefined : checkHttpUrl(value, path);
}

function readTag(value: string | null | undefined, path: InputPath): string | undefined {
  if (value == null) return undefined;
  // an empty tag means none to browsers, and then nothing would be replaced
  if (value === '' || value.length > maxTagLength) refuse(path, `Must have 1 to ${maxTagLength} characters.`);
  return value;
}

function readVibrate(values: number[] | null | undefined, path: InputPath): number[] | undefined {
  if (values == null) return undefined;
  if (values.length > maxVibrations) refuse(path, `At most ${maxVibrations} can be given.`);
  return values.map((value, index) => checkInteger(value, [...path, index], 0, maxVibrationMs));
}

function readActions(
  inputs: NotificationActionInput[] | null | undefined,
  path: InputPath,
): NotificationAction[] | undefined {
  if (inputs == null) return undefined;
  if (inputs.length > maxActions) refuse(path, `At most ${maxActions} can be given.`);
  const seen = new Set<string>();
  return inputs.map((input, index) => {
    const action = readAction(input, [...path, index]);
    if (seen.has(action.action))
      refuse([...path, index, 'action'], 'Must be unique within the notification.');
    seen.add(action.action);
    return action;
  });
}

function readAction(input: NotificationActionInput, path: InputPath): NotificationAction {
  const { action, title } = input;
  if (action.length > maxActionLength) {
    refuse([...path, 'action'], `Must have at most ${maxActionLength} characters.`);
  }
  return {
    action: nonBlank(action, [...path, 'action']),
    title: nonBlank(title, [...path, 'title']),
    ...present({
      navigate: optionalUrl(input.navigate, [...path, 'navigate']),
      icon: optionalUrl(input.icon, [...path, 'icon']),
    }),
  };
}

function readData(
  data: Record<string, unknown> | null | undefined,
  path: InputPath,
): Record<string, unknown> | undefined {
  if (data == null) return undefined;
  if (Object.hasOwn(data, 'fanfare')) refuse([...path, 'fanfare'], 'This member is taken by Fanfare itself.');
  if (depthExceeds(data, maxDataDepth))
    refuse(path, `Must not be nested deeper than ${maxDataDepth} levels.`);
  return data;
}

/** Level by level instead of recursively: what it guards against is a value that overflows the stack. */
function depthExceeds(value: object, most: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= most) return true;
    level = level
      .flatMap((each) => Object.values(each))
      .filter((each) => typeof each === 'object' && each !== null);
  }
  return false;
}
