import type { ChangeContent, ContentDraft } from './contentDraft';
import { addressFault } from './contentFaults';

/** What the fields of a content show, and whom they tell. */
export interface ContentFieldsProps {
  readonly draft: ContentDraft;
  readonly change: ChangeContent;
}

type TextName = 'title' | 'body' | 'tag' | 'lang' | 'vibrate' | 'timestamp' | 'data' | AddressName;
type AddressName = 'navigate' | 'icon' | 'image' | 'badge';

/** Ties an input to a text of the draft. */
export function textField(draft: ContentDraft, change: ChangeContent) {
  return (name: TextName) => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
}

/** Ties an input to an address of the draft. */
export function addressField(draft: ContentDraft, change: ChangeContent) {
  return (name: AddressName) => ({ ...addressProps(draft[name]), ...textField(draft, change)(name) });
}

/** What every input of an address has. */
export function addressProps(address: string) {
  return { type: 'url', placeholder: 'https://…', error: addressFault(address) };
}
