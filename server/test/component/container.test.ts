/** What the container files promise. The image itself is not built here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly tmpfs?: string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly options: Record<string, string> };
}

const root = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { services } = parse(read('docker/compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
};
const dockerfile = read('docker/Dockerfile');

test.each(Object.entries(services))('%s may do only what it needs', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    mem_limit: expect.stringMatching(/^\d+g$/),
    logging: { options: { 'max-size': '10m', 'max-file': '5' } },
  });
  expect(service.tmpfs).toContain('/tmp');
});

test.each(['migrate', 'api', 'worker'])('%s does not run as root', (name) => {
  expect(services[name]?.user).toBe('node');
});

test('base images have an exact version', () => {
  const images = Object.values(services).map(({ image }) => image);
  const foreign = images.filter((image) => image !== 'fanfare:local');
  expect(foreign).toHaveLength(2);
  for (const image of foreign) expect(image).toMatch(/^[a-z]+:\d+\.\d+\.\d+(-[a-z]+)?$/);
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m);
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  expect(new Set(bases)).toEqual(new Set([`\${NODE_IMAGE}`, 'manifests']));
  expect(dockerfile).toMatch(/^USER node$/m);
});

test('a release pins the base image and attaches a bill of materials', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as {
    jobs: { release: { steps: { run?: string }[] } };
  };
  const commands = jobs.release.steps.map(({ run = '' }) => run).join('\n');
  expect(commands).toContain('npm run --silent sbom > fanfare.cdx.json');
  expect(commands).toContain('--build-arg "NODE_IMAGE=$NODE_IMAGE"');
  expect(commands).toMatch(/gh release create .* fanfare\.cdx\.json/);
});
