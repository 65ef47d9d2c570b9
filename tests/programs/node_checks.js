// What node.test has node do: one line for each part of Node.js that stands on a part of Windows.
// An argument names the parts; all without it. Called as a child: answers its parent's message.
const fs = require('fs'), path = require('path'), os = require('os'), zlib = require('zlib'), crypto = require('crypto')
const child = require('child_process'), net = require('net'), http = require('http'), dgram = require('dgram')
const dns = require('dns'), { Worker } = require('worker_threads')

if (process.argv[2] === '--child') {
    process.on('message', m => process.send({ got: m }, () => process.disconnect()))
    return
}

// A promise of what f hands to its first argument; the second one fails.
const later = f => new Promise(f)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'node-'))
const file = name => path.join(folder, name)

const parts = {
    about: () => [process.platform, process.arch, os.type(), 1 + 1],
    files() {
        fs.writeFileSync(file('a'), 'hello')
        fs.appendFileSync(file('a'), ' world')
        fs.renameSync(file('a'), file('ä.txt'))
        fs.symlinkSync(file('ä.txt'), file('link'))
        const there = fs.readFileSync(file('link'), 'utf8')
        let code
        try { fs.readFileSync(file('none')) } catch (e) { code = e.code }
        return [there, fs.statSync(file('ä.txt')).size, fs.readdirSync(folder), code]
    },
    async promises() {
        await fs.promises.mkdir(file('d'))
        await fs.promises.writeFile(file('d/x'), 'x'.repeat(100000))
        const length = (await fs.promises.readFile(file('d/x'))).length
        await fs.promises.rm(file('d'), { recursive: true })
        return [length, fs.existsSync(file('d'))]
    },
    streams: () => later((done, fail) => {
        const out = fs.createWriteStream(file('s'))
        out.on('error', fail).on('finish', () => {
            let n = 0
            fs.createReadStream(file('s')).on('data', d => n += d.length).on('end', () => done(n)).on('error', fail)
        })
        out.write('a'.repeat(70000))
        out.end('b')
    }),
    watch: () => later(done => {
        const watcher = fs.watch(folder, (kind, name) => { watcher.close(); done([kind, name]) })
        setTimeout(() => fs.writeFileSync(file('watched'), ''), 50)
    }),
    zlib: () => zlib.gunzipSync(zlib.gzipSync('x'.repeat(5000))).length,
    brotli: () => later((done, fail) =>
        zlib.brotliCompress('x'.repeat(5000), (e, d) => e ? fail(e) : done(zlib.brotliDecompressSync(d).length))),
    crypto() {
        const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }), text = Buffer.from('text')
        return [crypto.createHash('sha256').update('abc').digest('hex').slice(0, 16), crypto.randomBytes(8).length,
            crypto.verify('sha256', text, pair.publicKey, crypto.sign('sha256', text, pair.privateKey))]
    },
    intl: () => [new Intl.NumberFormat('de-DE').format(1234567.89), ['z', 'ä', 'a'].sort(new Intl.Collator('de').compare).join(''),
        new Date(Date.UTC(2020, 1, 3)).toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'long', month: 'long', day: 'numeric' })],
    timers: () => later(done => {
        const order = []
        setTimeout(() => order.push('timeout'), 1)
        setImmediate(() => order.push('immediate'))
        process.nextTick(() => order.push('tick'))
        Promise.resolve().then(() => order.push('promise'))
        setTimeout(() => done(order.filter(x => x !== 'timeout').concat(order.includes('timeout'))), 50)
    }),
    worker: () => later((done, fail) => {
        const shared = new SharedArrayBuffer(8), words = new Int32Array(shared)
        const worker = new Worker(`const { workerData, parentPort } = require('worker_threads')
            const words = new Int32Array(workerData)
            Atomics.wait(words, 0, 0)
            parentPort.postMessage(Atomics.add(words, 1, 5) + words[0])`, { eval: true, workerData: shared })
        worker.on('message', m => done([m, words[1]])).on('error', fail)
        worker.on('online', () => { words[0] = 7; Atomics.notify(words, 0) })
    }),
    tcp: () => later((done, fail) => {
        const server = net.createServer(c => c.on('data', d => c.end(d.toString().toUpperCase())))
        server.listen(0, '127.0.0.1', () => {
            let got = ''
            const c = net.connect(server.address().port, '127.0.0.1', () => c.write('hello'))
            c.on('data', d => got += d).on('end', () => { server.close(); done(got) }).on('error', fail)
        })
    }),
    refused: () => later(done => net.connect(1, '127.0.0.1').on('error', e => done(e.code))),
    http: () => later((done, fail) => {
        const server = http.createServer((q, r) => {
            let body = ''
            q.on('data', d => body += d).on('end', () => r.end('got ' + body + ' for ' + q.url))
        })
        server.listen(0, () => {
            const options = { port: server.address().port, path: '/x', method: 'POST' }
            http.request(options, r => {
                let body = ''
                r.on('data', d => body += d).on('end', () => {
                    server.close()
                    server.closeAllConnections()
                    done([r.statusCode, body])
                })
            }).on('error', fail).end('body')
        })
    }),
    pipe: () => later((done, fail) => {
        const name = '\\\\.\\pipe\\node-checks-' + process.pid
        const server = net.createServer(c => c.on('data', d => c.end('pipe ' + d)))
        server.listen(name, () => {
            let got = ''
            const c = net.connect(name, () => c.write('hi'))
            c.on('data', d => got += d).on('end', () => { server.close(); done(got) }).on('error', fail)
        })
    }),
    udp: () => later((done, fail) => {
        const receiver = dgram.createSocket('udp4')
        receiver.on('error', fail).on('message', (m, from) => { receiver.close(); done([m.toString(), from.address]) })
        receiver.bind(0, '127.0.0.1', () => {
            const sender = dgram.createSocket('udp4')
            sender.send('datagram', receiver.address().port, '127.0.0.1', e => { sender.close(); if (e) fail(e) })
        })
    }),
    dns: () => later((done, fail) => dns.lookup('localhost', 4, (e, address) => e ? fail(e) : done(address))),
    exec: () => later(done => child.exec('findstr b & exit 3', (e, out) => done([e && e.code, out]))
        .stdin.end('abc\r\nxyz\r\n')),
    missing: () => later(done => child.spawn('nonesuch.exe').on('error', e => done(e.code))),
    kill: () => later(done => {
        const c = child.spawn('cmd.exe', ['/d', '/k'])
        c.on('exit', (status, signal) => done([status, signal])).on('spawn', () => c.kill())
    }),
    fork: () => later((done, fail) => {
        let got
        const c = child.fork(__filename, ['--child'])
        c.on('message', m => got = m).on('error', fail).on('exit', status => done([got, status]))
        c.send({ list: [1, 'ä'] })
    }),
}

async function run() {
    for (const name of process.argv[2] ? process.argv[2].split(',') : Object.keys(parts)) {
        try {
            console.log(name, JSON.stringify(await parts[name]()))
        } catch (e) {
            console.log(name, 'failed:', e)
        }
    }
    fs.rmSync(folder, { recursive: true })
    process.exitCode = 7
}
run()
