/** A stored audience as one line for a person to read. */
export function audienceInWords(audience: Record<string, unknown>): string {
  const { everyone, userIds, subscriptionIds, tags, failedOf } = audience as Partial<{
    everyone: boolean;
    userIds: string[];
    subscriptionIds: string[];
    tags: Partial<Record<'allOf' | 'anyOf' | 'noneOf', string[]>>;
    failedOf: string;
  }>;
  const words = [
    everyone && 'everyone',
    userIds && few('user', userIds),
    subscriptionIds && few('browser', subscriptionIds),
    tags?.allOf && `tagged ${tags.allOf.join(' and ')}`,
    tags?.anyOf && `tagged ${tags.anyOf.join(' or ')}`,
    tags?.noneOf && `not tagged ${tags.noneOf.join(' or ')}`,
    failedOf && `whoever failed to get ${failedOf}`,
  ];
  return words.filter((word) => typeof word === 'string').join(', ') || 'nobody';
}

function few(noun: string, names: string[]): string {
  return names.length <= 3 ? `${noun} ${names.join(', ')}` : `${names.length} ${noun}s`;
}
