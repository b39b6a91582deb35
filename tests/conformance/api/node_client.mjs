// @kubernetes/client-node against a served cluster; run by node_client_test.py, which sets
// KUBECONFIG and NODE_PATH's folder as the first argument. Prints "ok NAME" or "failed NAME: why".
import assert from 'node:assert';
import { createRequire } from 'node:module';
import net from 'node:net';
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

const resolve = createRequire(process.argv[2] + '/').resolve;
const k8s = await import(pathToFileURL(resolve('@kubernetes/client-node')).href);

const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const namespace = 'node-client';

// Until `look` gives something, or 20 s are over.
async function eventually(what, look) {
  const end = Date.now() + 20000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what}: not within 20 s`);
}

function runExec(command, input) {
  const out = new PassThrough();
  let text = '';
  out.on('data', (piece) => { text += piece; });
  return new Promise((done, failed) => {
    new k8s.Exec(config).exec(namespace, 'box', 'c', command, out, null, input ?? null, false,
      (status) => setImmediate(() => done({ text, status }))).catch(failed);
  });
}

const tests = {
  async 'create, read, replace, patch, list and delete'() {
    const metadata = { name: 'c', labels: { a: 'b' } };
    await core.createNamespacedConfigMap({ namespace, body: { metadata, data: { k: 'v' } } });
    const read = await core.readNamespacedConfigMap({ name: 'c', namespace });
    assert.equal(read.data.k, 'v');
    read.data.k = 'w';
    await core.replaceNamespacedConfigMap({ name: 'c', namespace, body: read });
    const body = [{ op: 'add', path: '/data/l', value: 'x' }];
    await core.patchNamespacedConfigMap({ name: 'c', namespace, body });
    const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'a=b' });
    assert.deepEqual(list.items.map((item) => item.data), [{ k: 'w', l: 'x' }]);
    await core.deleteNamespacedConfigMap({ name: 'c', namespace });
    await assert.rejects(core.readNamespacedConfigMap({ name: 'c', namespace }),
      (error) => error.code === 404);
  },

  async 'apply on the server, by the object client'() {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const spec = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace } };
    const applied = await objects.patch({ ...spec, data: { a: '1' } }, undefined, undefined, 'node',
      true, k8s.PatchStrategy.ServerSideApply);
    assert.equal(applied.data.a, '1');
    const read = await objects.read(spec);
    assert.equal(read.metadata.managedFields[0].manager, 'node');
    await objects.delete(spec);
  },

  async 'a watch'() {
    const seen = [];
    let aborted;
    const over = new Promise((done) => { aborted = done; });
    const watching = await new k8s.Watch(config).watch(`/api/v1/namespaces/${namespace}/secrets`,
      {}, (type, object) => seen.push(`${type} ${object.metadata.name}`), () => aborted());
    await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'w' } } });
    await core.deleteNamespacedSecret({ name: 'w', namespace });
    await eventually('both events', () => seen.includes('DELETED w'));
    assert.ok(seen.includes('ADDED w'));
    watching.abort();
    await over;
  },

  async 'an informer'() {
    const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/services`,
      () => core.listNamespacedService({ namespace }));
    const seen = [];
    for (const verb of ['add', 'update', 'delete']) {
      informer.on(verb, (object) => seen.push(`${verb} ${object.metadata.name}`));
    }
    await informer.start();
    await core.createNamespacedService({ namespace,
      body: { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } } });
    await eventually('add', () => seen.includes('add s'));
    assert.equal(informer.list().length, 1);
    await core.deleteNamespacedService({ name: 's', namespace });
    await eventually('delete', () => seen.includes('delete s'));
    await informer.stop();
  },

  async 'a deployment becomes ready'() {
    const labels = { app: 'node' };
    const template = { metadata: { labels },
      spec: { containers: [{ name: 'c', image: 'demo/web:1' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'd' }, spec } });
    await eventually('two ready', async () =>
      (await apps.readNamespacedDeployment({ name: 'd', namespace })).status.readyReplicas === 2);
  },

  async 'exec and log'() {
    const ports = [{ containerPort: 80 }];
    await core.createNamespacedPod({ namespace, body: { metadata: { name: 'box' },
      spec: { containers: [{ name: 'c', image: 'demo/web:1', ports }] } } });
    await eventually('running', async () =>
      (await core.readNamespacedPod({ name: 'box', namespace })).status.phase === 'Running');
    const { text, status } = await runExec(['echo', 'hello']);
    assert.equal(text, 'hello\n');
    assert.equal(status.status, 'Success');
    const failed = await runExec(['sh', '-c', 'exit 4']);
    assert.equal(failed.status.details.causes[0].message, '4');
    assert.ok((await core.readNamespacedPodLog({ name: 'box', namespace })).length > 0);
  },

  async 'port-forward'() {
    const forward = new k8s.PortForward(config);
    const server = net.createServer((socket) =>
      forward.portForward(namespace, 'box', [80], socket, null, socket));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    const status = await new Promise((done, failed) =>
      http.get({ host: '127.0.0.1', port, agent: false }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      }).on('error', failed));
    server.close();
    assert.equal(status, 200);
  },

  async 'metrics'() {
    const nodes = await eventually('three', async () => {
      const found = await new k8s.Metrics(config).getNodeMetrics();
      return found.items.length === 3 && found;
    });
    assert.match(nodes.items[0].usage.cpu, /^\d+/);
  },
};

await core.createNamespace({ body: { metadata: { name: namespace } } });
await eventually('service account', async () =>
  (await core.listNamespacedServiceAccount({ namespace })).items.length > 0);
let code = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    let timer;
    await Promise.race([test(), new Promise((_, failed) => {
      timer = setTimeout(() => failed(new Error('took over 30 s')), 30000);
    })]);
    clearTimeout(timer);
    console.log(`ok ${name}`);
  } catch (error) {
    code = 1;
    console.log(`failed ${name}: ${error.stack}`);
  }
}
process.exit(code);
