-- Sends prepared requests in turn: one a line, METHOD <tab> PATH <tab> COOKIE <tab> BODY. Prints one line of JSON at the end.
local requests, turn = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, cookie, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = { Cookie = cookie }
    if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" else body = nil end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('JSON {"requests": %d, "seconds": %f, "p50_ms": %f, "p95_ms": %f, "refused": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    errors.status, failed))
end
