-- Makes wrk send the raw request of a file, as it stands, and print its result as one JSON line.
--   wrk … -s wrk_request.lua URL -- REQUEST_FILE
-- wrk itself counts an error answer as a request, too; here it is only counted as refused.
-- The request stays static for wrk (no Lua call for each one): only what wrk.format() returns at the start is replaced.

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local request = file:read("*a")
  file:close()
  wrk.format = function() return request end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"completed":%d,"seconds":%.6f,"p50_us":%.1f,"p99_us":%.1f,"refused":%d,"broken":%d,"unanswered":%d}\n',
    summary.requests - errors.status, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
