import { PushServiceLabels } from './pushServiceLabels';

test('there are 100 labels and one for all others, and vendors always have their own', () => {
  const labels = new PushServiceLabels();
  const given = Array.from({ length: 10_000 }, (_, index) => labels.of(`host-${index}.example.org`));
  expect(labels.of('fcm')).toBe('fcm');
  expect(labels.of('wns')).toBe('wns');
  expect(labels.of('host-3.example.org')).toBe('host-3.example.org');
  expect(labels.of('host-9999.example.org')).toBe('others');
  expect(new Set([...given, 'fcm', 'mozilla', 'apple', 'wns']).size).toBe(101);
});
