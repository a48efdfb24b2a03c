# Asks with Net::HTTP, and VCR writes the cassette.
require 'json'
require 'net/http'
require 'vcr'

job = JSON.parse($stdin.read)
VCR.configure do |config|
  config.cassette_library_dir = File.dirname(job['out'])
  config.hook_into :webmock
  config.default_cassette_options = {
    serialize_with: job['json'] ? :json : :yaml, preserve_exact_body_bytes: job['json'],
    decode_compressed_response: job['decoded'], record: :all
  }
end
VCR.use_cassette(job['name']) do
  job['asks'].each do |ask|
    uri = URI(job['base'] + ask['path'])
    kind = Net::HTTPGenericRequest.new(ask['method'], !ask['content'].nil?, ask['method'] != 'HEAD', uri)
    ask['fields'].each { |name, value| kind[name] = value unless name == 'Accept-Encoding' }
    kind.body = ask['content'] unless ask['content'].nil?
    begin
      Net::HTTP.start(uri.host, uri.port) { |http| http.request(kind) }
    rescue StandardError => error
      warn "#{ask['method']} #{ask['path']}: #{error}"
    end
  end
end
