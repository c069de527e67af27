/** RFC 8030 section 5.3, as the header spells it. */
export const urgencies = ['very-low', 'low', 'normal', 'high'] as const;

export type Urgency = (typeof urgencies)[number];
