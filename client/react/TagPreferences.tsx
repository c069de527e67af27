import { type ReactNode, useId, useState } from 'react';
import type { FanfareError } from '../sdk/fanfare';
import { useTags } from './useTags';

/** One box to tick. */
export interface TagChoice {
  tag: string;
  label: string;
  description?: string;
}

/** All that the preferences say besides the choices. */
export interface TagPreferencesTexts {
  legend: string;
  /** While this browser is not subscribed and nothing can be chosen. */
  unsubscribed: string;
  saved: string;
  error(error: FanfareError): string;
}

/** Props of TagPreferences; tags of this browser that are no choice here stay as they are. */
export interface TagPreferencesProps {
  choices: readonly TagChoice[];
  texts?: Partial<TagPreferencesTexts>;
  /** In place of `fanfare-tags`, which the optional style sheet styles. */
  className?: string;
}

const english: TagPreferencesTexts = {
  legend: 'Notify me about',
  unsubscribed: 'Turn on notifications to choose what they are about.',
  saved: 'Saved.',
  error: ({ code }) => `That could not be saved (${code}). Please try again.`,
};

/** What this browser wants to hear of: a box for each tag, saved at every tick. */
export function TagPreferences(props: TagPreferencesProps): ReactNode {
  const { choices, texts, className = 'fanfare-tags' } = props;
  const { tags, isSubscribed, isPending, error, setTags } = useTags();
  const [hasSaved, setSaved] = useState(false);
  const statusId = useId();
  const text = { ...english, ...texts };
  // said of tags that are no more
  if (hasSaved && !isSubscribed) setSaved(false);
  const toggle = async (tag: string, isWanted: boolean) => {
    setSaved(false);
    const chosen = choices.map((choice) => choice.tag);
    const ticked = chosen.filter((each) => (each === tag ? isWanted : tags.includes(each)));
    // others may have changed since, elsewhere in the page or in another tab
    setSaved(await setTags((all) => [...all.filter((each) => !chosen.includes(each)), ...ticked]));
  };
  return (
    <fieldset
      className={className}
      disabled={!isSubscribed}
      aria-busy={isPending}
      aria-describedby={statusId}
    >
      <legend>{text.legend}</legend>
      {choices.map((choice) => (
        <TagBox
          key={choice.tag}
          choice={choice}
          isChosen={tags.includes(choice.tag)}
          onToggle={(isWanted) => void toggle(choice.tag, isWanted)}
        />
      ))}
      <p id={statusId} role="status">
        {isSubscribed ? hasSaved && !isPending && text.saved : text.unsubscribed}
      </p>
      {error && (
        <p role="alert" data-code={error.code}>
          {text.error(error)}
        </p>
      )}
    </fieldset>
  );
}

function TagBox(props: {
  choice: TagChoice;
  isChosen: boolean;
  onToggle: (isWanted: boolean) => void;
}): ReactNode {
  const { choice, isChosen, onToggle } = props;
  const descriptionId = useId();
  return (
    <div>
      <label>
        <input
          type="checkbox"
          name={choice.tag}
          checked={isChosen}
          aria-describedby={choice.description ? descriptionId : undefined}
          onChange={(event) => onToggle(event.target.checked)}
        />{' '}
        {choice.label}
      </label>
      {choice.description && <small id={descriptionId}>{choice.description}</small>}
    </div>
  );
}
