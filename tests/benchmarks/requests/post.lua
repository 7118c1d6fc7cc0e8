-- Posts one body again and again; @key@ in it is another text each time. Says at the end how that went, in one line.
local file = assert(io.open(os.getenv("BENCH_BODY"), "r"))
local body = file:read("*a")
file:close()

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")

local before, after = body:match("^(.*)@key@(.*)$")
if before then
  local run, sent = os.getenv("BENCH_RUN"), 0
  request = function()
    sent = sent + 1
    return wrk.format(nil, nil, nil, before .. run .. "-" .. sent .. after)
  end
else
  wrk.body = body
end

done = function(summary, latency)
  local wrong = summary.errors
  io.stdout:write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.6f,"p99":%.6f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
