-- Posts what stands in the lines of a file, each a token and a body, by turns; @key@ in a body is another text each
-- time. Says at the end how that went, in one line.
local headers = {["Content-Type"] = "application/json"}
local run = os.getenv("BENCH_RUN")
local requests, sent = {}, 0

for line in io.lines(os.getenv("BENCH_LINES")) do
  local token, body = line:match("^(%S+) (.*)$")
  headers["Authorization"] = "Bearer " .. token
  local before, after = body:match("^(.*)@key@(.*)$")
  if before then
    requests[#requests + 1] = function()
      headers["Authorization"] = "Bearer " .. token
      return wrk.format("POST", nil, headers, before .. run .. "-" .. sent .. after)
    end
  else
    requests[#requests + 1] = {headers = headers["Authorization"], body = body}
  end
end

-- What never changes is written once, when the address is known.
init = function()
  for at, one in ipairs(requests) do
    if type(one) == "table" then
      headers["Authorization"] = one.headers
      local whole = wrk.format("POST", nil, headers, one.body)
      requests[at] = function() return whole end
    end
  end
end

request = function()
  sent = sent + 1
  return requests[sent % #requests + 1]()
end

done = function(summary, latency)
  local wrong = summary.errors
  io.stdout:write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.6f,"p99":%.6f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
